package org.jbootd.domain.simulation;

import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Octets;

/** Hardware addresses by number. */
final class Hardware {

    private Hardware() {}

    static HardwareAddress machine(int number) {
        return numbered(0x02, number);
    }

    /** One that belongs to no machine of the run. */
    static HardwareAddress stranger(int number) {
        return numbered(0x06, number);
    }

    /** The second network card of a machine. */
    static HardwareAddress second(HardwareAddress first) {
        byte[] octets = first.octets().toArray();
        octets[0] = 0x0a;
        return HardwareAddress.ethernet(Octets.of(octets));
    }

    private static HardwareAddress numbered(int first, int number) {
        return HardwareAddress.ethernet(Octets.of(
                (byte) first, (byte) 0, (byte) 0, (byte) (number >> 16), (byte) (number >> 8), (byte) number));
    }
}
