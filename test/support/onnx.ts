// Writes ONNX files as protobuf bytes, so that tests have models whose right answer is known and no binary in git.
// Only what the fixtures need: opset 17, IR 8, initializers and attributes of plain types.

/** ONNX TensorProto.DataType. */
export const dataType = { f32: 1, u8: 2, i32: 6, i64: 7, bool: 9, f16: 10 } as const;
type DataType = (typeof dataType)[keyof typeof dataType];
type Attribute = number | string | readonly number[] | { readonly float: number };

const encoder = new TextEncoder();

function join(parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((bytes, part) => bytes + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest ? low | 128 : low);
  } while (rest);
  return Uint8Array.from(bytes);
}

const tag = (field: number, wire: number): Uint8Array => varint((field << 3) | wire);
const integer = (field: number, value: number): Uint8Array => join([tag(field, 0), varint(value)]);
const bytes = (field: number, value: Uint8Array): Uint8Array =>
  join([tag(field, 2), varint(value.length), value]);
const text = (field: number, value: string): Uint8Array => bytes(field, encoder.encode(value));

function float(field: number, value: number): Uint8Array {
  const raw = new Uint8Array(4);
  new DataView(raw.buffer).setFloat32(0, value, true);
  return join([tag(field, 5), raw]);
}

/** An initializer (constant). `dims` [] makes a scalar. */
export function tensor(
  name: string,
  dims: readonly number[],
  data: ArrayLike<number>,
  type: DataType = dataType.f32,
): Uint8Array {
  const values =
    type === dataType.f32
      ? Float32Array.from(data)
      : type === dataType.i64
        ? BigInt64Array.from(Array.from(data), BigInt)
        : type === dataType.i32
          ? Int32Array.from(data)
          : Uint8Array.from(data);
  return join([
    ...dims.map((dim) => integer(1, dim)),
    integer(2, type),
    text(8, name),
    bytes(9, new Uint8Array(values.buffer)),
  ]);
}

function attribute(name: string, value: Attribute): Uint8Array {
  let body: Uint8Array;
  if (typeof value === 'string') body = join([text(4, value), integer(20, 3)]);
  else if (typeof value === 'number') body = join([integer(3, value), integer(20, 2)]);
  else if ('float' in value) body = join([float(2, value.float), integer(20, 1)]);
  else body = join([...value.map((item) => integer(8, item)), integer(20, 7)]);
  return join([text(1, name), body]);
}

/** One operator; integers only in attributes, `{ float }` for the others. */
export function node(
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, Attribute>> = {},
): Uint8Array {
  return join([
    ...inputs.map((input) => text(1, input)),
    text(2, output),
    text(3, `${op}_${output}`),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) => bytes(5, attribute(name, value))),
  ]);
}

/** A graph input or output; a string is a symbolic dimension. */
export function valueInfo(
  name: string,
  shape: readonly (number | string)[],
  type: DataType = dataType.f32,
): Uint8Array {
  const dims = shape.map((dim) =>
    bytes(1, typeof dim === 'string' ? text(2, dim) : integer(1, dim)),
  );
  return join([text(1, name), bytes(2, bytes(1, join([integer(1, type), bytes(2, join(dims))])))]);
}

export interface Graph {
  readonly name: string;
  readonly nodes: readonly Uint8Array[];
  readonly initializers: readonly Uint8Array[];
  readonly inputs: readonly Uint8Array[];
  readonly outputs: readonly Uint8Array[];
}

/** Bytes of the .onnx file; the same graph gives the same bytes. */
export function onnxModel({ name, nodes, initializers, inputs, outputs }: Graph): Uint8Array {
  const graph = join([
    ...nodes.map((item) => bytes(1, item)),
    text(2, name),
    ...initializers.map((item) => bytes(5, item)),
    ...inputs.map((item) => bytes(11, item)),
    ...outputs.map((item) => bytes(12, item)),
  ]);
  return join([
    integer(1, 8),
    text(2, 'promptmark-test'),
    bytes(7, graph),
    bytes(8, join([text(1, ''), integer(2, 17)])),
  ]);
}
