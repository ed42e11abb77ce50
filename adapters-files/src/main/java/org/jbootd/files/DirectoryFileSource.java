package org.jbootd.files;

import static org.jbootd.domain.files.FileUnavailable.Why.BROKEN;
import static org.jbootd.domain.files.FileUnavailable.Why.NOT_ALLOWED;
import static org.jbootd.domain.files.FileUnavailable.Why.NOT_A_FILE;
import static org.jbootd.domain.files.FileUnavailable.Why.NOT_FOUND;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jbootd.domain.files.FileSource;
import org.jbootd.domain.files.FileTarget;
import org.jbootd.domain.files.FileUnavailable;
import org.jbootd.domain.files.OpenFile;

/**
 * Boot files from a directory of this machine. Nothing is kept open between calls, so the tree may change, and the root
 * may be a link that is pointed elsewhere, at any time. Threads may share it.
 */
public final class DirectoryFileSource implements FileSource {

    private final Path root;

    /** @param root need not exist yet; while it does not, no file does */
    public DirectoryFileSource(Path root) {
        this.root = root.toAbsolutePath();
    }

    @Override
    public OpenFile open(FileTarget target) throws FileUnavailable {
        try {
            return openFile(target);
        } catch (NoSuchFileException | NotDirectoryException e) {
            throw new FileUnavailable(NOT_FOUND, "no such file: " + describe(target), e);
        } catch (AccessDeniedException e) {
            throw new FileUnavailable(NOT_ALLOWED, "not readable for this process: " + describe(target), e);
        } catch (IOException e) {
            throw new FileUnavailable(BROKEN, "cannot open " + describe(target) + ": " + e.getMessage(), e);
        }
    }

    private OpenFile openFile(FileTarget target) throws IOException, FileUnavailable {
        if (target instanceof FileTarget.UnderRoot file) {
            return new ConfinedWalk(root).open(PathNames.of(file.path()));
        }
        if (target instanceof FileTarget.UnderDirectory file) {
            return new ConfinedWalk(PathNames.absolute(file.directory())).open(PathNames.of(file.path()));
        }
        if (target instanceof FileTarget.Absolute file) {
            return openNamedByOperator(PathNames.absolute(file.path()));
        }
        throw new AssertionError(target);
    }

    /** Links count, wherever they lead. */
    private static OpenFile openNamedByOperator(Path path) throws IOException, FileUnavailable {
        BasicFileAttributes before = Files.readAttributes(path, BasicFileAttributes.class);
        if (!before.isRegularFile()) {
            throw new FileUnavailable(NOT_A_FILE, path + " is a directory or a special file");
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return ChannelFile.of(channel, path, before, Files.readAttributes(path, BasicFileAttributes.class));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private String describe(FileTarget target) {
        if (target instanceof FileTarget.UnderRoot file) {
            return file.path() + " under " + root;
        }
        if (target instanceof FileTarget.UnderDirectory file) {
            return file.path() + " under " + file.directory();
        }
        if (target instanceof FileTarget.Absolute file) {
            return file.path();
        }
        throw new AssertionError(target);
    }
}
