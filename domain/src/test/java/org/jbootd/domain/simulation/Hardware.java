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

    private static HardwareAddress numbered(int first, int number) {
        return HardwareAddress.ethernet(Octets.of(
                (byte) first, (byte) 0, (byte) 0, (byte) (number >> 16), (byte) (number >> 8), (byte) number));
    }
}
