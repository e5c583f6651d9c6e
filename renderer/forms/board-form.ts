import { hopSchema, newBoardSchema, type Board, type Hop, type Login, type NewBoard } from '../../shared/model/board.ts';

export interface HopForm { address: string; port: string; user: string; method: Login['method']; keyFile: string }
export interface BoardForm { name: string; role: Board['role']; target: HopForm; jumps: HopForm[]; notes: string }

export interface FormProblem { readonly field: string; readonly message: string }
export type BoardReading = { readonly ok: true; readonly board: NewBoard } | { readonly ok: false; readonly problems: readonly FormProblem[] };

export const emptyHop = (): HopForm => ({ address: '', port: '22', user: '', method: 'password', keyFile: '' });
export const emptyBoardForm = (): BoardForm => ({ name: '', role: 'host', target: emptyHop(), jumps: [], notes: '' });

export const hopForm = (hop: Hop): HopForm => ({
  address: hop.address, port: String(hop.port), user: hop.user, method: hop.login.method, keyFile: hop.login.method === 'key' ? hop.login.keyFile : '',
});

/** An SSH board's settings as a form; the practice board has none. */
export const boardFormOf = (board: Board): BoardForm | null => board.reach.kind === 'practice' ? null
  : { name: board.name, role: board.role, target: hopForm(board.reach.target), jumps: board.reach.jumps.map(hopForm), notes: board.notes };

const words: Readonly<Record<string, (value: string) => string>> = {
  address: (value) => value.trim() === '' ? 'Write the board’s name or address.' : 'An address has no blanks and at most 255 characters.',
  port: () => 'A port is a whole number from 1 to 65535; SSH is usually 22.',
  user: (value) => value.trim() === '' ? 'Write the user to log in as.' : 'A user name has no blanks.',
  keyFile: () => 'Write the path of the private key file on this laptop.',
};

function readHop(form: HopForm, prefix: string, problems: FormProblem[]): unknown {
  const hop = {
    address: form.address.trim(), user: form.user.trim(), port: /^\d{1,5}$/.test(form.port.trim()) ? Number(form.port) : NaN,
    login: form.method === 'key' ? { method: 'key', keyFile: form.keyFile.trim() } : { method: form.method },
  };
  const checked = hopSchema.safeParse(hop);
  for (const issue of checked.success ? [] : checked.error.issues) {
    const field = String(issue.path[issue.path.length - 1] ?? 'address');
    const value = field === 'address' ? form.address : field === 'user' ? form.user : '';
    const id = `${prefix}.${field}`;
    if (!problems.some((problem) => problem.field === id)) problems.push({ field: id, message: words[field]?.(value) ?? issue.message });
  }
  return hop;
}

/** Reads the form of a board to add or change; without a name the address is its name. */
export function readBoardForm(form: BoardForm): BoardReading {
  const problems: FormProblem[] = [];
  const target = readHop(form.target, 'target', problems);
  const jumps = form.jumps.map((jump, at) => readHop(jump, `jumps.${String(at)}`, problems));
  const name = form.name.trim() === '' ? form.target.address.trim() : form.name.trim();
  if (name.length > 200) problems.push({ field: 'name', message: 'A name has at most 200 characters.' });
  const checked = newBoardSchema.safeParse({ name, role: form.role, notes: form.notes, reach: { kind: 'ssh', target, jumps } });
  if (problems.length > 0) return { ok: false, problems };
  if (checked.success) return { ok: true, board: checked.data };
  return { ok: false, problems: checked.error.issues.map((issue) => ({ field: String(issue.path[0] ?? 'name'), message: issue.message })) };
}
