/** What a person typed, kept in memory so that a reconnect asks nothing again. Never written anywhere. */
export interface SecretKeeper {
  get(name: string): string | undefined;
  keep(name: string, secret: string): void;
  forget(name: string): void;
  forgetAll(): void;
}

export const createSecretKeeper = (): SecretKeeper => {
  const secrets = new Map<string, string>();
  return {
    get: (name) => secrets.get(name),
    keep: (name, secret) => { secrets.set(name, secret); },
    forget: (name) => { secrets.delete(name); },
    forgetAll: () => { secrets.clear(); },
  };
};
