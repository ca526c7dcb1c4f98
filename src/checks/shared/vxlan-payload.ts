// A datagram that looks like VXLAN (RFC 7348) to whatever filters by more than the port: header with the I flag
// and a VNI, then an Ethernet frame with an IPv4 UDP packet, and in that our request.

const FLAGS_WITH_VNI = 0x08;
/** Nobody's overlay, should a tunnel device get to see it after all. */
const VNI = 0xfffffe;
const VXLAN_BYTES = 8;
const ETHERNET_BYTES = 14;
const IP_BYTES = 20;
const UDP_BYTES = 8;
export const VXLAN_OVERHEAD = VXLAN_BYTES + ETHERNET_BYTES + IP_BYTES + UDP_BYTES;

/** `request` as the payload of a plausible VXLAN datagram. */
export function vxlanPayload(request: string): Buffer {
  const body = Buffer.from(request, 'latin1');
  const header = Buffer.alloc(VXLAN_OVERHEAD);
  header.writeUInt8(FLAGS_WITH_VNI, 0);
  header.writeUIntBE(VNI, 4, 3);
  const ethernet = header.subarray(VXLAN_BYTES);
  // Locally administered, and nobody's.
  ethernet.set([0x02, 0, 0, 0, 0, 0x02, 0x02, 0, 0, 0, 0, 0x01, 0x08, 0x00]);
  const ip = ethernet.subarray(ETHERNET_BYTES);
  ip.writeUInt16BE(0x4500, 0);
  ip.writeUInt16BE(IP_BYTES + UDP_BYTES + body.length, 2);
  ip.writeUInt16BE(0x4011, 8);
  // TEST-NET-1: from 192.0.2.2 to 192.0.2.3.
  ip.set([192, 0, 2, 2, 192, 0, 2, 3], 12);
  ip.writeUInt16BE(checksum(ip.subarray(0, IP_BYTES)), 10);
  const udp = ip.subarray(IP_BYTES);
  // The discard port; a checksum of 0 means none.
  udp.writeUInt16BE(9, 0);
  udp.writeUInt16BE(9, 2);
  udp.writeUInt16BE(UDP_BYTES + body.length, 4);
  return Buffer.concat([header, body]);
}

/** The request of a datagram, in VXLAN's shape or plain. */
export function requestIn(datagram: Buffer): Buffer {
  const isWrapped = datagram[0] === FLAGS_WITH_VNI && datagram.length > VXLAN_OVERHEAD;
  return isWrapped ? datagram.subarray(VXLAN_OVERHEAD) : datagram;
}

/** RFC 1071, of a header whose checksum field is still 0. */
function checksum(header: Buffer): number {
  let sum = 0;
  for (let at = 0; at < header.length; at += 2) sum += header.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
