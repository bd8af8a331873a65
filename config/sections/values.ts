import { z } from 'zod';

/** A whole number within bounds. */
export const count = (min: number, max: number) => z.int().min(min).max(max);

function isRegularExpression(source: string): boolean {
  try {
    return Boolean(new RegExp(source));
  } catch {
    return false;
  }
}

/** A regular expression. */
export const pattern = z
  .string()
  .min(1)
  .max(500)
  .refine(isRegularExpression, { error: 'a regular expression of up to 500 characters' });

/** A line for a person to read. */
export const sentence = z
  .string()
  .max(200)
  .regex(/\S/)
  .meta({ allowed: 'a text of 1 to 200 characters that is not blank' });
