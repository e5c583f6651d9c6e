/** What stands where a password or a token stood. */
const hidden = '***';

/**
 * A text without the passwords of proxies and package sources in it: those of addresses (`http://user:secret@host`, also
 * with `@` or `/` in the secret), `proxy_password=`, `--proxy-user`, and authorization headers. Everything that is shown,
 * logged or kept of what a package manager said goes through it. Total; given its own output, it changes nothing.
 */
export function redactProxy(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]{0,20}:\/\/)([^\s"'<>;:@/]{0,200}):([^\s"'<>;]{0,500})@/gi, `$1$2:${hidden}@`)
    .replace(/(proxy[-_]?(?:password|passwd)\s*[=:]\s*)(?:"[^"\n]*"|'[^'\n]*'|[^\s"';,]+)/gi, `$1${hidden}`)
    .replace(/(--proxy-user[= ]+)([^\s:"']{0,200}):(\S{1,500})/gi, `$1$2:${hidden}`)
    .replace(/((?:proxy-)?authorization:\s*(?:basic|bearer|digest|negotiate|ntlm)\s+)\S+/gi, `$1${hidden}`);
}
