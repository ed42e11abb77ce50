package org.jbootd.domain.boot;

import java.util.Optional;

/**
 * What a machine should load.
 *
 * @param bootFile the name it is told; empty when it is told none
 * @param sizeBytes the file's size, when it is known without waiting
 */
public record BootPlan(Optional<String> bootFile, Optional<Long> sizeBytes) {

    public static final BootPlan NOTHING = new BootPlan(Optional.empty(), Optional.empty());
}
