package org.jbootd.app.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jbootd.domain.boot.BootPlan;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.exchange.Answer;
import org.jbootd.domain.exchange.Reason;
import org.jbootd.domain.lease.AddressPool;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CurrentNameServersTest {

    private static final Ipv4 SELF = Ipv4.parse("10.0.0.1");
    private static final Ipv4 FIXED = Ipv4.parse("10.0.0.53");
    private static final Ipv4 OF_HOST = Ipv4.parse("10.9.9.9");
    private static final ClientMessage MESSAGE = new ClientMessage.Discover(
            new Request(
                    1,
                    ClientIdentity.of(HardwareAddress.parse("01-02-03-04-05-06")),
                    BootStage.FIRMWARE,
                    "default",
                    Ipv4.UNSPECIFIED,
                    List.of(),
                    Optional.empty(),
                    Optional.empty()),
            Optional.empty());

    private static Subnet subnet(List<Ipv4> nameServers) {
        return Subnet.named("default", new Ipv4Network(SELF, 24), SELF)
                .pool(new AddressPool(Ipv4.parse("10.0.0.100"), 10))
                .excluded(Set.of(SELF))
                .leaseTime(Duration.ofHours(1))
                .routers(List.of(SELF))
                .nameServers(nameServers)
                .domainName(Optional.of("example.org"))
                .build();
    }

    /** Each kind of answer that tells a machine its name servers. */
    static Stream<Answer> answers() {
        return answers(CurrentNameServers.wanted(subnet(List.of(FIXED))));
    }

    private static Stream<Answer> answers(Subnet subnet) {
        Answer.Terms terms = new Answer.Terms(
                Ipv4.parse("10.0.0.100"), Duration.ofHours(1), subnet, BootPlan.NOTHING, Optional.of("host1"));
        return Stream.of(
                new Answer.Offer(terms),
                new Answer.Ack(terms),
                new Answer.BootReply(terms),
                new Answer.InformAck(terms.address(), terms.subnet(), terms.plan(), terms.hostName()));
    }

    private static Answer renewed(Answer answer, List<Ipv4> ofHost) {
        try (CurrentNameServers servers =
                new CurrentNameServers(message -> CompletableFuture.completedStage(answer), () -> ofHost)) {
            servers.start();
            return servers.answer(MESSAGE).toCompletableFuture().join();
        }
    }

    @ParameterizedTest
    @MethodSource("answers")
    void thoseOfTheHostStandInFront(Answer answer) {
        List<Answer> expected = answers(subnet(List.of(OF_HOST, FIXED)))
                .filter(kind -> kind.getClass() == answer.getClass())
                .toList();

        assertThat(renewed(answer, List.of(OF_HOST))).isEqualTo(expected.get(0));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void withoutAnyMachinesAreSentToThisServer(Answer answer) {
        List<Answer> bare = new ArrayList<>(
                answers(CurrentNameServers.wanted(subnet(List.of()))).toList());
        bare.removeIf(kind -> kind.getClass() != answer.getClass());
        List<Answer> expected = answers(subnet(List.of(SELF)))
                .filter(kind -> kind.getClass() == answer.getClass())
                .toList();

        assertThat(renewed(bare.get(0), List.of())).isEqualTo(expected.get(0));
    }

    static Stream<Answer> otherAnswers() {
        return Stream.of(
                new Answer.InformAck(SELF, subnet(List.of(FIXED)), BootPlan.NOTHING, Optional.empty()),
                new Answer.Nak(Reason.WRONG_ADDRESS, "no", subnet(List.of())),
                new Answer.Silence(Reason.DENIED, ""));
    }

    @ParameterizedTest
    @MethodSource("otherAnswers")
    void otherAnswersStayAsTheyAre(Answer answer) {
        assertThat(renewed(answer, List.of(OF_HOST))).isEqualTo(answer);
    }
}
