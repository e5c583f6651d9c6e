import { z } from 'zod';

// zod compiles its checks with `new Function` unless told not to, which the window's content policy forbids. A schema
// tries it when it is made: this module is imported before every module that makes one.
z.config({ jitless: true });
