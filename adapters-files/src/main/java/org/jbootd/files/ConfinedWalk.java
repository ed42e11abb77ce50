package org.jbootd.files;

import static org.jbootd.domain.files.FileUnavailable.Why.NOT_ALLOWED;
import static org.jbootd.domain.files.FileUnavailable.Why.NOT_A_FILE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jbootd.domain.files.FileUnavailable;
import org.jbootd.domain.files.OpenFile;

/**
 * One walk from a directory down to a file that never leaves the directory. Every step opens the next name relative to
 * the directory already open, and refuses to follow a link while doing so; links are read and their names walked in the
 * same way. So it does not matter what anybody renames or relinks meanwhile: what is opened is below the directory. A
 * link that leads out ends the walk before anything outside is looked at, so no answer tells what exists there.
 */
final class ConfinedWalk {

    /** Links followed in one walk, as many as Linux follows. */
    static final int MAX_LINKS = 40;

    private static final Path SAME = Path.of(".");
    private static final Path PARENT = Path.of("..");

    private final Path directory;
    private final Path realDirectory;
    private final Deque<Path> ahead = new ArrayDeque<>();
    private final List<Path> walked = new ArrayList<>();
    private SecureDirectoryStream<Path> here;
    private int links;

    /** @throws java.nio.file.NoSuchFileException when there is no such directory */
    ConfinedWalk(Path directory) throws IOException {
        this.directory = directory.normalize();
        this.realDirectory = directory.toRealPath();
    }

    /** Goes to {@code file} and opens it; to be called once. */
    OpenFile open(Path file) throws IOException, FileUnavailable {
        file.forEach(ahead::addLast);
        try {
            enterWalked();
            return walk();
        } finally {
            leave();
        }
    }

    private OpenFile walk() throws IOException, FileUnavailable {
        while (true) {
            Path name = ahead.poll();
            if (name == null) {
                throw new FileUnavailable(NOT_A_FILE, whereabouts() + " is a directory");
            }
            if (name.equals(SAME)) {
                continue;
            }
            if (name.equals(PARENT)) {
                goUp();
                continue;
            }
            BasicFileAttributes attributes = attributesOf(name);
            if (attributes.isSymbolicLink()) {
                follow(name);
            } else if (attributes.isDirectory()) {
                goDown(name);
            } else if (!ahead.isEmpty()) {
                throw new NotDirectoryException(whereabouts().resolve(name).toString());
            } else if (attributes.isRegularFile()) {
                return openRegular(name, attributes);
            } else {
                // opening a FIFO waits for a writer, and opening a device may do anything
                throw new FileUnavailable(NOT_A_FILE, whereabouts().resolve(name) + " is a special file");
            }
        }
    }

    private BasicFileAttributes attributesOf(Path name) throws IOException {
        return here.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }

    /** Puts the names that the link stands for in front of those still ahead. */
    private void follow(Path name) throws IOException, FileUnavailable {
        if (++links > MAX_LINKS) {
            throw new FileUnavailable(NOT_ALLOWED, "more than " + MAX_LINKS + " links on the way to " + name);
        }
        Path target = Files.readSymbolicLink(whereabouts().resolve(name));
        List<Path> names = new ArrayList<>();
        target.forEach(names::add);
        if (target.isAbsolute()) {
            names = names.subList(depthOfDirectoryIn(target), names.size());
            walked.clear();
            enterWalked();
        }
        for (int i = names.size() - 1; i >= 0; i--) {
            ahead.addFirst(names.get(i));
        }
    }

    private int depthOfDirectoryIn(Path target) throws FileUnavailable {
        for (Path known : List.of(realDirectory, directory)) {
            if (target.startsWith(known)) {
                return known.getNameCount();
            }
        }
        throw leadsOut();
    }

    private void goUp() throws IOException, FileUnavailable {
        if (walked.isEmpty()) {
            throw leadsOut();
        }
        walked.remove(walked.size() - 1);
        enterWalked();
    }

    private FileUnavailable leadsOut() {
        return new FileUnavailable(NOT_ALLOWED, "a link at " + whereabouts() + " leads out of " + directory);
    }

    private void goDown(Path name) throws IOException {
        enter(here.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS));
        walked.add(name);
    }

    private void enterWalked() throws IOException {
        DirectoryStream<Path> top = Files.newDirectoryStream(realDirectory);
        if (!(top instanceof SecureDirectoryStream)) {
            top.close();
            throw new IOException("files cannot be opened safely on " + realDirectory.getFileSystem());
        }
        enter((SecureDirectoryStream<Path>) top);
        for (Path name : walked) {
            enter(here.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS));
        }
    }

    private void enter(SecureDirectoryStream<Path> next) throws IOException {
        leave();
        here = next;
    }

    private void leave() throws IOException {
        if (here != null) {
            here.close();
            here = null;
        }
    }

    private OpenFile openRegular(Path name, BasicFileAttributes before) throws IOException {
        Path origin = whereabouts().resolve(name);
        SeekableByteChannel channel =
                here.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        return ChannelFile.of((FileChannel) channel, origin, before, attributesNow(name, channel));
    }

    private BasicFileAttributes attributesNow(Path name, SeekableByteChannel opened) throws IOException {
        try {
            return attributesOf(name);
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    private Path whereabouts() {
        return walked.stream().reduce(realDirectory, Path::resolve);
    }
}
