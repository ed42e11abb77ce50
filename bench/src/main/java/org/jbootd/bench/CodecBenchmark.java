package org.jbootd.bench;

import org.jbootd.domain.net.Octets;
import org.jbootd.udp.MalformedPacket;
import org.jbootd.udp.dhcp.DhcpPacket;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What reading and writing one DHCP message costs. */
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {

    private final byte[] discover = discover();
    private final DhcpPacket packet = decode(discover);

    /** A DISCOVER as UEFI firmware sends it. */
    private static byte[] discover() {
        String fixed = "01010600" + "12345678" + "00008000" + "00".repeat(16) + "5254000b0071" + "00".repeat(202);
        String options =
                "63825363" + "350101" + "390205c0" + "370401034243" + "6111" + "00b01a07b03412de4c8f005254000b0071"
                        + "5e03010300" + "5d020007" + "3c20"
                        + "505845436c69656e743a417263683a30303030373a554e44493a303033303030"
                        + "ff";
        return Octets.parseHex(fixed + options).toArray();
    }

    @Benchmark
    public DhcpPacket decode() {
        return decode(discover);
    }

    @Benchmark
    public byte[] encode() {
        return packet.encode();
    }

    private static DhcpPacket decode(byte[] datagram) {
        try {
            return DhcpPacket.decode(datagram);
        } catch (MalformedPacket e) {
            throw new AssertionError("the sample is well formed", e);
        }
    }
}
