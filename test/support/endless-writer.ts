import { writeJson } from '../../electron/core/project/atomic-write.ts';

/** Writes new versions of one file until it is killed, and says so after each. */
const file = process.argv[2] ?? '';
for (let version = 0; ; version += 1) {
  await writeJson(file, { schema: 1, version, padding: 'x'.repeat(50_000) });
  process.stdout.write('.');
}
