import { z } from 'zod';
import { redfishValueSchema } from '../../../shared/model/redfish.ts';

/** What is used of the standard's resources (DMTF DSP0266, DSP2046; mock-ups in DSP2043). Everything else is passed over. */
const linkSchema = z.object({ '@odata.id': z.string().regex(/^\/redfish\/[\x21-\x7e]*$/).max(1_000) });

export const collectionSchema = z.object({ Members: z.array(linkSchema).max(1_000) });

export const computerSystemSchema = z.object({
  Manufacturer: z.string().nullish(), Model: z.string().nullish(), UUID: z.string().nullish(), BiosVersion: z.string().nullish(), Bios: linkSchema.nullish(),
});

const settingsSchema = z.object({ SettingsObject: linkSchema, SupportedApplyTimes: z.array(z.string()).nullish() });

export const biosSchema = z.object({
  AttributeRegistry: z.string().nullish(),
  Attributes: z.record(z.string(), z.json()),
  '@Redfish.Settings': settingsSchema.nullish(),
});

export const biosSettingsSchema = z.object({ '@odata.etag': z.string().nullish(), Attributes: z.record(z.string(), z.json()).nullish() });

export const registryFileSchema = z.object({
  Registry: z.string().nullish(), Id: z.string().nullish(),
  Location: z.array(z.object({ Language: z.string().nullish(), Uri: z.union([z.string(), linkSchema]).nullish() })).nullish(),
});

export const attributeRegistrySchema = z.object({
  RegistryEntries: z.object({
    Attributes: z.array(z.object({
      AttributeName: z.string(), DisplayName: z.string().nullish(), ReadOnly: z.boolean().nullish(),
      Value: z.array(z.object({ ValueName: z.string() })).nullish(),
    })).nullish(),
  }),
});
export type AttributeRegistry = z.infer<typeof attributeRegistrySchema>;

export const errorSchema = z.object({
  error: z.object({ message: z.string().nullish(), '@Message.ExtendedInfo': z.array(z.object({ Message: z.string().nullish(), MessageId: z.string().nullish() })).nullish() }),
});

/** Values that are none of the simple kinds are left out: no firmware setting is an object. */
export const simpleValue = (value: unknown) => {
  const read = redfishValueSchema.safeParse(value);
  return read.success ? read.data : null;
};
