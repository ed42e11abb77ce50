package org.jbootd.persistence;

import java.io.IOException;

/** A file was read, and is not what we write. The message goes on after "FILE: ". */
final class DamagedFile extends IOException {

    private static final long serialVersionUID = 1L;

    DamagedFile(String message) {
        super(message);
    }
}
