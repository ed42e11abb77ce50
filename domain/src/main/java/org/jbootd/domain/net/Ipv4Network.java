package org.jbootd.domain.net;

/** A network: its base address and the number of leading bits that name it, 0 to 32. */
public record Ipv4Network(Ipv4 base, int prefix) {

    public Ipv4Network {
        if (prefix < 0 || prefix > 32) {
            throw new IllegalArgumentException("a network prefix is 0 to 32, not " + prefix);
        }
        base = new Ipv4(base.bits() & maskBits(prefix));
    }

    /** @throws IllegalArgumentException when {@code mask} is not a row of ones followed by zeros */
    public static Ipv4Network of(Ipv4 member, Ipv4 mask) {
        int prefix = Integer.bitCount(mask.bits());
        if (mask.bits() != maskBits(prefix)) {
            throw new IllegalArgumentException(mask + " is not a netmask: write ones, then zeros, as in 255.255.255.0");
        }
        return new Ipv4Network(member, prefix);
    }

    private static int maskBits(int prefix) {
        return prefix == 0 ? 0 : -1 << 32 - prefix;
    }

    public Ipv4 mask() {
        return new Ipv4(maskBits(prefix));
    }

    public Ipv4 broadcast() {
        return new Ipv4(base.bits() | ~maskBits(prefix));
    }

    public boolean contains(Ipv4 address) {
        return (address.bits() & maskBits(prefix)) == base.bits();
    }

    /** True of an address of this network that a host may have: neither the network's own nor its broadcast address. */
    public boolean hasHost(Ipv4 address) {
        return contains(address) && (prefix >= 31 || !address.equals(base) && !address.equals(broadcast()));
    }

    @Override
    public String toString() {
        return base + "/" + prefix;
    }
}
