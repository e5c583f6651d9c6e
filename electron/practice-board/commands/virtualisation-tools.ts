import { LibvirtError } from '../libvirt/libvirt-error.ts';
import { schemaProblem } from '../libvirt/domain-shape.ts';
import { parseNode } from '../libvirt/xml-node.ts';
import { TreeBuilder } from '../linux/tree-builder.ts';
import type { Program, ProgramContext } from './program.ts';
import { toText } from './virsh/virsh-call.ts';

/** Source: virt-xml-validate(1): 3 where the document does not fit the schema. */
async function virtXmlValidate(context: ProgramContext): Promise<number> {
  const [path = ''] = context.args;
  try {
    const problem = schemaProblem(parseNode(toText(await context.readFile(path)), path));
    if (problem === undefined) return (await context.out(`${path} validates\n`), 0);
    await context.err(`Relax-NG validity error : ${problem}\n${path} fails to validate\n`);
    return 3;
  } catch (error) {
    if (!(error instanceof LibvirtError)) throw error;
    return (await context.err(`${error.message}\n`), 3);
  }
}

/** Takes a database's archive in: of what is in it, the newest systems are played. */
async function osinfoImport(context: ProgramContext): Promise<number> {
  const local = context.args.includes('--local');
  const system = context.args.includes('--system');
  const path = context.args.find((word) => !word.startsWith('-'));
  if (context.process.uid !== 0 && local) return context.fail('Permission denied');
  if (path !== undefined) await context.readFile(path);
  const base = local ? '/etc/osinfo' : system ? '/usr/share/osinfo' : '/root/.config/osinfo';
  const tree = new TreeBuilder(context.linux.files.root);
  for (const file of ['debian.org/debian-12', 'debian.org/debian-13', 'ubuntu.com/ubuntu-24.04', 'redhat.com/rhel-9-unknown']) tree.text(`${base}/os/${file}.xml`, '<libosinfo version="0.0.1"/>');
  tree.text(`${base}/VERSION`, '20250606');
  return 0;
}

export const virtualisationTools: readonly Program[] = [{ path: '/usr/bin/virt-xml-validate', run: virtXmlValidate }, { path: '/usr/bin/osinfo-db-import', run: osinfoImport }];
