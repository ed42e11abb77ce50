package org.jbootd.domain.simulation;

import java.util.Optional;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Octets;

/**
 * What kind of machine it is.
 *
 * @param networkBoots firmware, boot loader and operating system ask for an address in turn; otherwise the operating system only
 * @param clientIdentifier what its operating system sends as option 61; firmware sends none
 * @param remembersAddress its operating system asks for its last address by INIT-REBOOT when it starts
 */
record Habits(
        HardwareAddress hardware, boolean networkBoots, Optional<Octets> clientIdentifier, boolean remembersAddress) {}
