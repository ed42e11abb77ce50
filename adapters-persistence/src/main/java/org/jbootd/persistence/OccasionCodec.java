package org.jbootd.persistence;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.lease.Cause;
import org.jbootd.domain.lease.Occasion;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/** How a change came about, as octets. */
final class OccasionCodec {

    private static final int HAS_STAGE = 1;
    private static final int HAS_ARCHITECTURE = 2;
    private static final int HAS_RELAY = 4;
    private static final int HAS_RELAY_INFORMATION = 8;
    private static final int WAS_OFFERED = 16;

    private OccasionCodec() {}

    static void write(DataOutputStream out, Occasion occasion) throws IOException {
        out.writeByte(occasion.cause().code());
        out.writeByte(flags(occasion));
        if (occasion.stage().isPresent()) {
            out.writeByte(code(occasion.stage().get()));
        }
        if (occasion.architecture().isPresent()) {
            out.writeShort(occasion.architecture().get().code());
        }
        if (occasion.relay().isPresent()) {
            out.writeInt(occasion.relay().get().bits());
        }
        if (occasion.relayInformation().isPresent()) {
            LeaseCodec.writeOctets(out, occasion.relayInformation().get());
        }
        if (occasion.offered().isPresent()) {
            LeaseCodec.writeInstant(out, occasion.offered().get());
        }
    }

    static Occasion read(DataInputStream in) throws IOException {
        Cause cause = Cause.ofCode(in.readUnsignedByte());
        int flags = in.readUnsignedByte();
        Optional<BootStage> stage =
                LeaseCodec.has(flags, HAS_STAGE) ? Optional.of(stage(in.readUnsignedByte())) : Optional.empty();
        Optional<ClientArchitecture> architecture = LeaseCodec.has(flags, HAS_ARCHITECTURE)
                ? Optional.of(new ClientArchitecture(in.readUnsignedShort()))
                : Optional.empty();
        Optional<Ipv4> relay =
                LeaseCodec.has(flags, HAS_RELAY) ? Optional.of(new Ipv4(in.readInt())) : Optional.empty();
        Optional<Octets> relayInformation = LeaseCodec.has(flags, HAS_RELAY_INFORMATION)
                ? Optional.of(LeaseCodec.readOctets(in))
                : Optional.empty();
        Optional<Instant> offered =
                LeaseCodec.has(flags, WAS_OFFERED) ? Optional.of(LeaseCodec.readInstant(in)) : Optional.empty();
        return new Occasion(cause, stage, architecture, relay, relayInformation, offered);
    }

    private static int flags(Occasion occasion) {
        return (occasion.stage().isPresent() ? HAS_STAGE : 0)
                | (occasion.architecture().isPresent() ? HAS_ARCHITECTURE : 0)
                | (occasion.relay().isPresent() ? HAS_RELAY : 0)
                | (occasion.relayInformation().isPresent() ? HAS_RELAY_INFORMATION : 0)
                | (occasion.offered().isPresent() ? WAS_OFFERED : 0);
    }

    private static int code(BootStage stage) {
        return switch (stage) {
            case FIRMWARE -> 1;
            case HTTP_FIRMWARE -> 2;
            case BOOT_LOADER -> 3;
            case OPERATING_SYSTEM -> 4;
        };
    }

    private static BootStage stage(int code) throws IOException {
        return switch (code) {
            case 1 -> BootStage.FIRMWARE;
            case 2 -> BootStage.HTTP_FIRMWARE;
            case 3 -> BootStage.BOOT_LOADER;
            case 4 -> BootStage.OPERATING_SYSTEM;
            default -> throw new DamagedFile("no boot stage has code " + code);
        };
    }
}
