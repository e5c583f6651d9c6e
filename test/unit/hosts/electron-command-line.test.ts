import { describe, expect, test } from 'vitest';
import { commandLineOf } from '../../../electron/hosts/electron/command-line.ts';

describe('the packaged program', () => {
  test('is the command line when a verb is typed', () => {
    expect(commandLineOf(['/opt/rtvm-bench', 'inspect', 'press-host', '--json'], true)).toEqual(['inspect', 'press-host', '--json']);
    expect(commandLineOf(['/opt/rtvm-bench', '--help'], true)).toEqual(['--help']);
    expect(commandLineOf(['electron', '/work', 'runs'], false)).toEqual(['runs']);
  });
  test('is the window otherwise', () => {
    expect(commandLineOf(['/opt/rtvm-bench'], true)).toBeNull();
    expect(commandLineOf(['/opt/rtvm-bench', '--project', 'line4.rtvm'], true)).toBeNull();
    expect(commandLineOf(['electron', '/work'], false)).toBeNull();
    expect(commandLineOf(['electron', '/work', '--project', 'line4.rtvm'], false)).toBeNull();
  });
});
