package org.jbootd.persistence.postgres;

import java.nio.file.Path;
import java.util.Optional;

/** The database is not the one, or not in the state, that this node has told clients of. The message is for the operator. */
final class TurnedBack extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param memory what has to be deleted to go on all the same; empty when that ends with the process */
    TurnedBack(String how, Optional<Path> memory) {
        super("the lease database is not what it was: " + how
                + "; bring the newer one back, or, to go on with the one that is there, "
                + memory.map(file -> "stop this daemon, delete " + file + " and start it again")
                        .orElse("start this daemon anew"));
    }
}
