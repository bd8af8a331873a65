/**
 * PostgreSQL's own functions that return the same value throughout a statement. PostgreSQL stores a default that
 * consists of them once, not in each row. Functions of extensions and of applications are not listed.
 */
export const steadyFunctions: readonly string[] = `
  abs acos acosd acosh age area array_append array_cat array_dims array_fill array_length array_lower array_ndims
  array_position array_positions array_prepend array_remove array_replace array_to_json array_to_string
  array_to_tsvector array_upper ascii asin asind asinh atan atan2 atan2d atand atanh bit_count bit_length box broadcast
  btrim cardinality cbrt ceil ceiling center char_length character_length chr circle concat concat_ws convert
  convert_from convert_to cos cosd cosh cot cotd current_database current_schema current_schemas current_setting
  current_user date date_add date_bin date_part date_subtract date_trunc datemultirange daterange decode degrees
  diagonal diameter div encode enum_first enum_last enum_range exp extract factorial family float4 float8 floor format
  gcd get_bit get_byte getdatabaseencoding height host hostmask inet_merge initcap int2 int4 int4multirange int4range
  int8 int8multirange int8range interval isclosed isempty isfinite isopen json_array_length json_build_array
  json_build_object json_object json_strip_nulls json_typeof jsonb_array_length jsonb_build_array jsonb_build_object
  jsonb_concat jsonb_insert jsonb_object jsonb_path_exists jsonb_path_match jsonb_path_query_array
  jsonb_path_query_first jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_typeof justify_days
  justify_hours justify_interval lcm left length like_escape line ln log log10 lower lower_inc lower_inf lpad lseg
  ltrim macaddr macaddr8 make_date make_interval make_time make_timestamp make_timestamptz masklen md5 min_scale mod
  money multirange netmask network normalize now num_nonnulls num_nulls numeric nummultirange numnode numrange
  octet_length oid overlaps overlay parse_ident path phraseto_tsquery pi plainto_tsquery point polygon position pow
  power quote_ident quote_literal quote_nullable radians radius range_merge regexp_count regexp_instr regexp_like
  regexp_match regexp_replace regexp_split_to_array regexp_substr repeat replace reverse right round row_to_json rpad
  rtrim scale session_user set_bit set_byte set_masklen setweight sha224 sha256 sha384 sha512 sign sin sind sinh
  split_part sqrt starts_with statement_timestamp string_to_array strip strpos substr substring tan tand tanh text
  time timestamp timestamptz timetz timezone to_ascii to_char to_date to_hex to_json to_jsonb to_number to_oct
  to_timestamp to_tsquery to_tsvector transaction_timestamp translate trim_array trim_scale trunc tsmultirange tsrange
  tstzmultirange tstzrange tsvector_to_array unistr upper upper_inc upper_inf varbit varchar version
  websearch_to_tsquery width width_bucket xmlcomment xmltext
`
  .trim()
  .split(/\s+/);

const steady: ReadonlySet<string> = new Set(steadyFunctions);

/** Returns true if PostgreSQL's own function of this name returns the same value throughout a statement. */
export function isSteadyFunction(name: string): boolean {
  return steady.has(name.replace(/^pg_catalog\./, ''));
}
