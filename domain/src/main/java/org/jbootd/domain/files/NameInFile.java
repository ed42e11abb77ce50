package org.jbootd.domain.files;

import static org.jbootd.domain.files.FileUnavailable.Why.BROKEN;
import static org.jbootd.domain.files.FileUnavailable.Why.NOT_ALLOWED;
import static org.jbootd.domain.files.FileUnavailable.Why.NOT_FOUND;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The name that stands in a file: its first line that is not blank, without blanks around it, in UTF-8. */
final class NameInFile {

    /** Octets in a file that holds a name. */
    static final int MAX_SIZE = 4096;

    private static final String BYTE_ORDER_MARK = "\ufeff";

    private NameInFile() {}

    /** Closes {@code file}. @return fails with {@link FileUnavailable} */
    static CompletionStage<String> read(OpenFile file) {
        // of a file that is too long nothing is waited for
        long end = file.size() > MAX_SIZE ? 0 : file.size();
        return file.ready(end).thenCompose(there -> {
            try (file) {
                return CompletableFuture.completedStage(name(file));
            } catch (FileUnavailable e) {
                return CompletableFuture.failedStage(e);
            }
        });
    }

    private static String name(OpenFile file) throws FileUnavailable {
        if (file.size() > MAX_SIZE) {
            throw new FileUnavailable(
                    NOT_ALLOWED,
                    file.origin() + " has " + file.size() + " octets; a file that holds a name has at most "
                            + MAX_SIZE);
        }
        return text(file)
                .replace(BYTE_ORDER_MARK, "")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElseThrow(() -> new FileUnavailable(NOT_FOUND, file.origin() + " holds no name"));
    }

    private static String text(OpenFile file) throws FileUnavailable {
        ByteBuffer content = ByteBuffer.allocate((int) file.size());
        try {
            file.read(0, content);
            return StandardCharsets.UTF_8.newDecoder().decode(content.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new FileUnavailable(BROKEN, file.origin() + " is not UTF-8", e);
        } catch (IOException e) {
            throw new FileUnavailable(BROKEN, file.origin() + " cannot be read", e);
        }
    }
}
