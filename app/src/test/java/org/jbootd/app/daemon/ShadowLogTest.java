package org.jbootd.app.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.Optional;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ShadowLogTest {

    private final Logger log = (Logger) LoggerFactory.getLogger("jbootd.access");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final ShadowLog differences = new ShadowLog();
    private Level former;

    @BeforeEach
    void listen() {
        former = log.getLevel();
        log.setLevel(Level.INFO);
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void listenNoMore() {
        log.detachAppender(lines);
        log.setLevel(former);
    }

    private void compare(int machine, String obeyed, String shadow) {
        HardwareAddress hardware = HardwareAddress.parse(String.format("02-00-00-00-00-%02X", machine));
        differences.compare(
                new Request(
                        1,
                        ClientIdentity.of(hardware),
                        BootStage.FIRMWARE,
                        "default",
                        Ipv4.UNSPECIFIED,
                        List.of(),
                        Optional.empty(),
                        Optional.empty()),
                obeyed,
                shadow);
    }

    private List<String> said() {
        List<String> said =
                lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        lines.list.clear();
        return said;
    }

    @Test
    void aDifferenceIsSaidOnceForEachMachineAndOnceWhenItIsGone() {
        compare(1, "granted", "denied");
        compare(1, "granted", "denied");
        compare(2, "granted", "granted");
        assertThat(said())
                .containsExactly(
                        "shadow: firmware of 02-00-00-00-00-01 is granted, and would be denied by [bootp] shadow");

        compare(1, "granted", "no verdict");
        compare(1, "granted", "granted");
        assertThat(said())
                .containsExactly(
                        "shadow: firmware of 02-00-00-00-00-01 is granted, and would be no verdict by [bootp] shadow",
                        "shadow: firmware of 02-00-00-00-00-01 is granted by both now");
    }

    @Test
    void theSumIsSaidWhenThereIsNewsAndAtTheEnd() {
        differences.sum();
        assertThat(said()).isEmpty();

        compare(1, "granted", "denied");
        compare(2, "denied", "granted");
        compare(3, "denied", "denied");
        compare(1, "granted", "granted");
        said();
        differences.sum();
        differences.sum();
        assertThat(said()).containsExactly("shadow: 2 of 4 verdicts would have been others, of 1 machines last");

        differences.close();
        assertThat(said()).containsExactly("shadow: 2 of 4 verdicts would have been others, of 1 machines last");
    }
}
