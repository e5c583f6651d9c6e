import { z } from 'zod';

/** What a person is asked for: one value of a tool, made from the schema that checks it. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  /** Empty: a bare number, or no number. */
  readonly unit: string;
  readonly kind: 'number' | 'text' | 'switch' | 'choice';
  readonly choices: readonly string[];
}

const about = z.registry<Pick<FormField, 'label' | 'help' | 'unit'>>();

/** Says what a value is, beside its schema: the form and the command line's help are made of it. */
export function field<S extends z.ZodType>(schema: S, label: string, help: string, unit = ''): S {
  about.add(schema, { label, help, unit });
  return schema;
}

export type ValuesSchema = z.ZodObject<Readonly<Record<string, z.ZodNumber | z.ZodString | z.ZodBoolean | z.ZodEnum>>>;

/** The fields of a tool's values, in the order of its schema. A value that nobody described is called by its name. */
export function fieldsOf(values: ValuesSchema): FormField[] {
  return Object.entries(values.shape).map(([name, schema]) => ({
    name, label: name, help: '', unit: '', ...about.get(schema),
    kind: schema instanceof z.ZodNumber ? 'number' : schema instanceof z.ZodBoolean ? 'switch' : schema instanceof z.ZodEnum ? 'choice' : 'text',
    choices: schema instanceof z.ZodEnum ? schema.options.map(String) : [],
  }));
}
