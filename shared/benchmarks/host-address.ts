import { z } from 'zod';

/** A name or an address of another machine: it begins with a letter or digit (or a colon, in IPv6), so that it is never taken for an option. */
export const hostAddressSchema = z.string().max(253).regex(/^[A-Za-z0-9:][A-Za-z0-9.:_-]*(?:%[A-Za-z0-9._-]{1,15})?$/, 'name another machine: a host name or an address');
