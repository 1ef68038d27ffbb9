/**
 * Reads text from outside (the secret, Dintero's reply, the status) as a JSON object. Faults name the
 * field and never the value, because any of these texts may contain a secret.
 */
import * as v from "valibot";

export type JsonObjectResult<Fields extends v.ObjectEntries> =
  | { readonly ok: true; readonly value: v.InferOutput<v.ObjectSchema<Fields, undefined>> }
  | { readonly ok: false; readonly faults: string };

/**
 * The fields of the JSON object in `text`; others are dropped. Every schema in `fields` must carry
 * a message of its own, because valibot's own messages quote the value.
 */
export function readJsonObject<Fields extends v.ObjectEntries>(
  text: string,
  fields: Fields,
): JsonObjectResult<Fields> {
  const schema = v.pipe(
    v.string(),
    // The parser's error quotes the text, so it is dropped rather than kept as a cause.
    v.parseJson(undefined, "it is not JSON"),
    v.check((value) => !Array.isArray(value), "it is a JSON array instead of an object"),
    v.object(fields, (issue) =>
      issue.path ? `${String(issue.path[0].key)} is missing` : "it is not a JSON object",
    ),
  );
  const result = v.safeParse(schema, text, { abortPipeEarly: true });
  return result.success
    ? { ok: true, value: result.output }
    : { ok: false, faults: result.issues.map((issue) => issue.message).join("; ") };
}
