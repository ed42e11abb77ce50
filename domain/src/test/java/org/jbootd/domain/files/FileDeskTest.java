package org.jbootd.domain.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jbootd.domain.files.FileUnavailable.Why;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FileDeskTest {

    private final Map<FileTarget, byte[]> files = new HashMap<>();
    private int open;

    private final FileDesk desk = new FileDesk(
            new FilenameTranslator(List.of(
                    Filter.parse("startup", "[d/{filename}.cfg]"),
                    Filter.parse("chosen", "[/etc/chosen]"),
                    Filter.parse("long*", "{filename}/{filename}"),
                    Filter.parse("twice", "[first]"))),
            this::openFile);

    @AfterEach
    void everyFileOfANameIsClosed() {
        assertThat(open).isZero();
    }

    @Test
    void aNameIsOpenedUnderTheRoot() throws Exception {
        underRoot("a/b", "content");
        assertThat(read("/a/b")).isEqualTo("content");
    }

    @Test
    void aNameAssignedToTheClientStandsInFiltersAndNowhereElse() throws Exception {
        underRoot("d/node1.cfg", "images/node1");
        underRoot("images/node1", "kernel of node1");
        underRoot("a/b", "content");
        Optional<RequestedPath> assigned = RequestedPath.parse("node1");

        assertThat(content(desk.open("startup", assigned))).isEqualTo("kernel of node1");
        assertThat(content(desk.open("a/b", assigned))).isEqualTo("content");
    }

    @Test
    void theNameToServeIsTheFirstLineThatIsNotBlank() throws Exception {
        underRoot("d/startup.cfg", "\ufeff\r\n  \n\t images/kernel 6.1 \r\nimages/other\n");
        underRoot("images/kernel 6.1", "kernel");
        assertThat(read("startup")).isEqualTo("kernel");
    }

    @Test
    void theNameToServeIsNotRewrittenAgain() throws Exception {
        underRoot("first", "startup");
        underRoot("startup", "itself");
        assertThat(read("twice")).isEqualTo("itself");
    }

    @Test
    void bracketsInAFileAreJustAName() {
        underRoot("first", "[first]");
        refused("twice", Why.NOT_FOUND, "[first]");
    }

    @Test
    void aFileUnderTheRootNamesOnlyFilesUnderTheRoot() throws Exception {
        underRoot("d/startup.cfg", "/etc/passwd");
        files.put(new FileTarget.Absolute("/etc/passwd"), bytes("secret"));
        refused("startup", Why.NOT_FOUND, "etc/passwd");
        underRoot("d/startup.cfg", "../../etc/passwd");
        refused("startup", Why.NOT_ALLOWED, "the file of a filter names '../../etc/passwd'");
    }

    @Test
    void aFileThatTheOperatorPutElsewhereMayNameFilesElsewhere() throws Exception {
        files.put(new FileTarget.Absolute("/etc/chosen"), bytes("/srv/other/kernel"));
        files.put(new FileTarget.Absolute("/srv/other/kernel"), bytes("kernel"));
        assertThat(read("chosen")).isEqualTo("kernel");
        files.put(new FileTarget.Absolute("/etc/chosen"), bytes("kernel"));
        underRoot("kernel", "the one under the root");
        assertThat(read("chosen")).isEqualTo("the one under the root");
    }

    @Test
    void aFileWithoutANameIsToldFromOneThatIsMissing() {
        refused("startup", Why.NOT_FOUND, "d/startup.cfg");
        underRoot("d/startup.cfg", " \n\n");
        refused("startup", Why.NOT_FOUND, "holds no name");
        files.put(root("d/startup.cfg"), new byte[] {'a', (byte) 0xff});
        refused("startup", Why.BROKEN, "is not UTF-8");
        underRoot("d/startup.cfg", "a" + "\n".repeat(4096));
        refused("startup", Why.NOT_ALLOWED, "has 4097 octets");
    }

    @Test
    void aFileOfFourKibibytesMayHoldAName() throws Exception {
        underRoot("d/startup.cfg", "kernel" + "\n".repeat(4090));
        underRoot("kernel", "content");
        assertThat(read("startup")).isEqualTo("content");
    }

    @Test
    void theFilterThatDecidesIsTold() {
        assertThat(desk.filterFor("/chosen")).map(Filter::toString).contains("chosen = [/etc/chosen]");
        assertThat(desk.filterFor("other")).isEmpty();
        assertThat(desk.filterFor("../chosen")).isEmpty();
    }

    @Test
    void aNameThatIsNeverServedIsShownInOneShortLine() {
        refused("../a\n\u001b[2J" + "b".repeat(400), Why.NOT_ALLOWED, "the client asked for '../a\ufffd\ufffd[2Jbbb");
        assertThatThrownBy(() -> desk.open("/../" + "b".repeat(100_000)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
    }

    @Test
    void aNameThatAFilterMakesTooLong() {
        refused("long".repeat(100), Why.NOT_ALLOWED, "a filter makes a path never served of 'longlong");
    }

    private void refused(String name, Why why, String message) {
        assertThatThrownBy(() -> desk.open(name))
                .hasMessageContaining(message)
                .asInstanceOf(type(FileUnavailable.class))
                .extracting(FileUnavailable::why)
                .isEqualTo(why);
    }

    private String read(String name) throws Exception {
        return content(desk.open(name));
    }

    private static String content(OpenFile opened) throws Exception {
        try (OpenFile file = opened) {
            ByteBuffer content = ByteBuffer.allocate((int) file.size());
            file.read(0, content);
            return new String(content.array(), StandardCharsets.UTF_8);
        }
    }

    private void underRoot(String path, String content) {
        files.put(root(path), bytes(content));
    }

    private static FileTarget root(String path) {
        return new FileTarget.UnderRoot(RequestedPath.parse(path).orElseThrow());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private OpenFile openFile(FileTarget target) throws FileUnavailable {
        byte[] content = files.get(target);
        if (content == null) {
            throw new FileUnavailable(Why.NOT_FOUND, "no such file: " + target);
        }
        open++;
        return new OpenFile() {
            @Override
            public long size() {
                return content.length;
            }

            @Override
            public String origin() {
                return target.toString();
            }

            @Override
            public void read(long position, ByteBuffer into) {
                into.put(content, (int) position, Math.min(into.remaining(), content.length - (int) position));
            }

            @Override
            public void close() {
                open--;
            }
        };
    }
}
