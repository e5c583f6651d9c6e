/** How a shell leaves nested commands: each is thrown and caught at the place it names. */
export class LoopJump extends Error {
  constructor(readonly kind: 'break' | 'continue', public levels: number) {
    super(kind);
  }
}

export class FunctionReturn extends Error {
  constructor(readonly status: number) {
    super('return');
  }
}

export class ShellExit extends Error {
  constructor(readonly status: number) {
    super('exit');
  }
}

/** A failed expansion or redirection: printed as `NAME: LINE: message`; `fatal` ends a script. */
export class ShellError extends Error {
  constructor(message: string, readonly status = 2, readonly fatal = true) {
    super(message);
  }
}

/** What a builtin wrote could not be taken: the builtin fails, the shell goes on. */
export class OutputError extends ShellError {}
