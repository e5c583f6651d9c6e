import { z } from 'zod';
import { codedErrorSchema } from '../../contract/errors.ts';
import { vmCheckSchema, vmHostSchema, vmSchema } from '../../model/vm.ts';
import { vmMapSchema } from '../../model/vm-map.ts';
import { domainAuditSchema, tunedDomainSchema } from './tune-domain.ts';

/** A VM with everything that is concluded about it. */
export const vmReportSchema = z.object({
  vm: vmSchema,
  /** What it is given of its host by the board's CPU map; null: it is not on the map. */
  map: vmMapSchema.nullable(),
  audit: domainAuditSchema.nullable(),
  /** What tuning by the map would change; null where there is no map, or it does not fit. */
  tuned: tunedDomainSchema.nullable(),
  /** Why it cannot be tuned by the map. */
  problem: codedErrorSchema.nullable(),
  /** Empty while it does not run. */
  checks: z.array(vmCheckSchema),
  /** In one line: what is real-time about it and what is not. */
  summary: z.string(),
});
export type VmReport = z.infer<typeof vmReportSchema>;

export const vmHostReportSchema = z.object({ host: vmHostSchema, vms: z.array(vmReportSchema) });
export type VmHostReport = z.infer<typeof vmHostReportSchema>;
