import type { VmMap } from '../../../model/vm-map.ts';
import type { DomainEditor } from '../domain-editor.ts';

/** Brings one part of a domain to what a real-time VM needs. Without a map it judges only what needs none. Runs twice without a second change. */
export type TuningRule = (editor: DomainEditor, map: VmMap | null) => void;
