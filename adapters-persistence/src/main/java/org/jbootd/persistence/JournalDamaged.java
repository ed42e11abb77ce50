package org.jbootd.persistence;

import java.io.IOException;

/** The journal is not what was once forced to disk. The message says where, for the operator. */
final class JournalDamaged extends IOException {

    private static final long serialVersionUID = 1L;

    JournalDamaged(String message) {
        super(message);
    }
}
