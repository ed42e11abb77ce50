package org.jbootd.persistence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * Who may read what we write: ourselves and our group; nobody else (0750 and 0640). And whose word is not taken: what
 * others than its owner may write could be forged.
 */
public final class Permissions {

    private static final int STICKY = 01000;

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

    /**
     * What lets others than its owner change {@code path}: itself, or the directory it stands in, where they could put
     * another in its place. In a directory like {@code /tmp}, with the sticky bit, they could not. Links are followed.
     *
     * @return empty when nobody else may change it, or the file system knows no such permissions
     */
    public static Optional<Path> openToOthers(Path path) throws IOException {
        Path real = path.toRealPath();
        if (isWrittenByOthers(real)) {
            return Optional.of(real);
        }
        for (Path place : new Path[] {path.toAbsolutePath().normalize().getParent(), real.getParent()}) {
            if (place != null && isWrittenByOthers(place) && !isSticky(place)) {
                return Optional.of(place);
            }
        }
        return Optional.empty();
    }

    /** The owner of a directory when that is somebody else than the user of this process, to whom all belongs that it writes. */
    public static Optional<String> otherOwner(Path directory) throws IOException {
        String owner = Files.getOwner(directory).getName();
        Path probe = Files.createTempFile("jbootd-", ".probe");
        try {
            String user = Files.getOwner(probe).getName();
            return Optional.of(owner).filter(name -> !name.equals(user));
        } finally {
            Files.delete(probe);
        }
    }

    private static boolean isWrittenByOthers(Path path) throws IOException {
        if (!knowsPosix(path)) {
            return false;
        }
        PosixFileAttributes attributes = Files.readAttributes(path, PosixFileAttributes.class);
        Set<PosixFilePermission> permissions = attributes.permissions();
        return permissions.contains(PosixFilePermission.OTHERS_WRITE)
                || permissions.contains(PosixFilePermission.GROUP_WRITE) && !isOwnersOnly(attributes);
    }

    /**
     * Many systems give each user a group of the same name, with nobody else in it, and let the group write what the user
     * makes. Root has no such habit.
     */
    private static boolean isOwnersOnly(PosixFileAttributes attributes) {
        String owner = attributes.owner().getName();
        return owner.equals(attributes.group().getName()) && !owner.equals("root");
    }

    private static boolean isSticky(Path directory) throws IOException {
        return directory.getFileSystem().supportedFileAttributeViews().contains("unix")
                && ((int) Files.getAttribute(directory, "unix:mode") & STICKY) != 0;
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
