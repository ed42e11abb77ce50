package org.jbootd.domain.simulation;

import java.util.Optional;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Octets;

/**
 * What kind of machine it is.
 *
 * @param hardware of its first network card
 * @param networkBoots firmware, boot loader and operating system ask for an address in turn; otherwise the operating system only
 * @param clientIdentifier what its operating system sends as option 61
 * @param firmwareIdentifier what its firmware sends
 * @param identification what the server knows it by
 * @param remembersAddress its operating system asks for its last address by INIT-REBOOT when it starts
 */
record Habits(
        HardwareAddress hardware,
        boolean networkBoots,
        Optional<Octets> clientIdentifier,
        Optional<Octets> firmwareIdentifier,
        Identification identification,
        boolean remembersAddress) {

    /** Boot loaders that identify themselves at all do so by their network card: those of the simulation do not. */
    Optional<Octets> identifier(BootStage stage) {
        return switch (stage) {
            case FIRMWARE, HTTP_FIRMWARE -> firmwareIdentifier;
            case BOOT_LOADER -> Optional.empty();
            case OPERATING_SYSTEM -> clientIdentifier;
        };
    }
}
