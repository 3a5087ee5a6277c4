// Drawn heads as minimal DICOM and NIfTI files.
import { drawHead, SIZE } from "./drawn-heads.mjs";

/** One slice as DICOM (PS3.10, explicit VR little endian). With `identity`, it has attributes of a fictitious patient. */
export function dicomFile(index, { series = "1.2.3", identity = true } = {}) {
  const element = (group, number, vr, value) => {
    const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value, "latin1");
    const even = bytes.length % 2 ? Buffer.concat([bytes, Buffer.from(vr === "UI" ? "\0" : " ")]) : bytes;
    const long = ["OB", "OW"].includes(vr);
    const start = Buffer.alloc(long ? 12 : 8);
    start.writeUInt16LE(group);
    start.writeUInt16LE(number, 2);
    start.write(vr, 4, "latin1");
    if (long) start.writeUInt32LE(even.length, 8);
    else start.writeUInt16LE(even.length, 6);
    return Buffer.concat([start, even]);
  };
  const short = (value) => {
    const bytes = Buffer.alloc(2);
    bytes.writeUInt16LE(value);
    return bytes;
  };
  const meta = [
    element(0x0002, 0x0001, "OB", Buffer.from([0, 1])),
    element(0x0002, 0x0002, "UI", "1.2.840.10008.5.1.4.1.1.4"),
    element(0x0002, 0x0003, "UI", `1.2.3.4.${index}`),
    element(0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1"),
    element(0x0002, 0x0012, "UI", "1.2.3.5"),
  ];
  const length = Buffer.alloc(4);
  length.writeUInt32LE(Buffer.concat(meta).length);
  const body = [
    element(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.4"),
    element(0x0008, 0x0018, "UI", `1.2.3.4.${index}`),
    element(0x0008, 0x0060, "CS", "MR"),
    ...(identity ? [element(0x0008, 0x0080, "LO", "Hospital of Nowhere"), element(0x0010, 0x0010, "PN", "Nobody^Anna"), element(0x0010, 0x0030, "DA", "19010203")] : []),
    element(0x0020, 0x000d, "UI", "1.2.9"),
    element(0x0020, 0x000e, "UI", series),
    element(0x0020, 0x0013, "IS", `${index}`),
    element(0x0020, 0x0032, "DS", `-32\\-32\\${3 * index}`),
    element(0x0020, 0x0037, "DS", "1\\0\\0\\0\\1\\0"),
    element(0x0028, 0x0002, "US", short(1)),
    element(0x0028, 0x0004, "CS", "MONOCHROME2"),
    element(0x0028, 0x0010, "US", short(SIZE)),
    element(0x0028, 0x0011, "US", short(SIZE)),
    element(0x0028, 0x0030, "DS", "1\\1"),
    element(0x0028, 0x0100, "US", short(8)),
    element(0x0028, 0x0101, "US", short(8)),
    element(0x0028, 0x0102, "US", short(7)),
    element(0x0028, 0x0103, "US", short(0)),
    element(0x7fe0, 0x0010, "OB", drawHead(index)[0]),
  ];
  const buffer = Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), element(0x0002, 0x0000, "UL", length), ...meta, ...body]);
  return { name: `slice-${index}.dcm`, mimeType: "application/dicom", buffer };
}

/** A volume of `depth` slices as NIfTI-1. The axes point right, anterior and superior. */
export function niftiFile(depth) {
  const header = Buffer.alloc(352);
  header.writeInt32LE(348);
  [3, SIZE, SIZE, depth, 1, 1, 1, 1].forEach((size, at) => header.writeInt16LE(size, 40 + 2 * at));
  header.writeInt16LE(2, 70);
  header.writeInt16LE(8, 72);
  [1, 1, 1, 2, 1, 1, 1, 1].forEach((size, at) => header.writeFloatLE(size, 76 + 4 * at));
  header.writeFloatLE(352, 108);
  header.writeInt16LE(1, 254);
  [[1, 0, 0, -32], [0, 1, 0, -32], [0, 0, 2, 0]].flat().forEach((value, at) => header.writeFloatLE(value, 280 + 4 * at));
  header.write("n+1\0", 344, "latin1");
  // The rows of a picture go from anterior to posterior, the second axis of this volume the other way.
  const slices = Array.from({ length: depth }, (_, index) => {
    const [image] = drawHead(index + 500);
    return Buffer.concat(Array.from({ length: SIZE }, (_, y) => image.subarray((SIZE - 1 - y) * SIZE, (SIZE - y) * SIZE)));
  });
  return { name: "volume.nii", mimeType: "application/octet-stream", buffer: Buffer.concat([header, ...slices]) };
}
