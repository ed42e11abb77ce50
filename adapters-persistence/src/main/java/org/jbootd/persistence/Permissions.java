package org.jbootd.persistence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Who may read what we write: ourselves and our group; nobody else (0750 and 0640). */
final class Permissions {

    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwxr-x---");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-r-----");

    private Permissions() {}

    static FileAttribute<?>[] forDirectory(Path path) {
        return attributes(path, DIRECTORY);
    }

    static FileAttribute<?>[] forFile(Path path) {
        return attributes(path, FILE);
    }

    /** Narrows a file that somebody else's code made for us. */
    static void narrow(Path file) throws IOException {
        if (knowsPosix(file)) {
            Files.setPosixFilePermissions(file, FILE);
        }
    }

    static boolean isWritableByEverybody(Path path) throws IOException {
        return knowsPosix(path) && Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_WRITE);
    }

    private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
        return knowsPosix(path)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    private static boolean knowsPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                && Files.getFileAttributeView(path, PosixFileAttributeView.class) != null;
    }
}
