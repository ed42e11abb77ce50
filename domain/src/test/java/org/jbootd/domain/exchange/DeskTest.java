package org.jbootd.domain.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.domain.exchange.Scene.*;
import static org.jbootd.domain.lease.LeaseChange.Kind.BOUND;
import static org.jbootd.domain.lease.LeaseChange.Kind.RENEWED;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.exchange.Scene.Setting;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which clients hear anything, and when. */
class DeskTest {

    @ParameterizedTest(name = "{0}")
    @MethodSource({"informing", "bootpClients", "networkBooters", "access", "storing"})
    void a_client_hears(Row row) {
        row.play();
    }

    static Stream<Row> informing() {
        return Stream.of(
                Row.of(
                        "who has an address gets the rest, and no lease",
                        new Setting().pool(FIRST, 1),
                        ask(inform(ANNA, FIRST), "INFORMED " + FIRST),
                        ask(inform(ANNA, "10.0.0.50"), "INFORMED 10.0.0.50"),
                        recorded(),
                        boots(BERT, FIRST)),
                Row.of(
                        "an answer goes to no other network",
                        ask(inform(ANNA, "192.0.2.1"), "SILENCE WRONG_NETWORK"),
                        ask(inform(ANNA, "10.0.0.255"), "SILENCE WRONG_NETWORK"),
                        ask(inform(ANNA, "0.0.0.0"), "SILENCE WRONG_NETWORK")));
    }

    static Stream<Row> bootpClients() {
        return Stream.of(
                Row.of(
                        "a BOOTP client has its address for ever",
                        new Setting().pool(FIRST, 1).reclaimAfter(Duration.ZERO),
                        ask(bootp(ANNA), "BOOTREPLY " + FIRST + " 4294967295"),
                        ask(bootp(ANNA), "BOOTREPLY " + FIRST + " 4294967295"),
                        recorded(BOUND),
                        pass(Duration.ofDays(100_000)),
                        ask(discover(BERT), "SILENCE POOL_EXHAUSTED"),
                        ask(bootp(BERT), "SILENCE POOL_EXHAUSTED")),
                Row.of(
                        "a BOOTP client keeps the address it names if it can",
                        ask(
                                new ClientMessage.Bootp(plain(ANNA), Ipv4.parse(THIRD)),
                                "BOOTREPLY " + THIRD + " 4294967295")),
                Row.of(
                        "a machine that speaks both has one address",
                        ask(bootp(ANNA), "BOOTREPLY " + FIRST + " 4294967295"),
                        boots(ANNA, FIRST)));
    }

    static Stream<Row> networkBooters() {
        Setting strict = new Setting().networkBootersOnly();
        ClientMessage pxeDiscover = new ClientMessage.Discover(firmware(ANNA), Optional.empty());
        ClientMessage pxeSelect = new ClientMessage.Select(firmware(ANNA), SELF, Ipv4.parse(FIRST));
        return Stream.of(
                Row.of(
                        "plain clients meet silence",
                        strict,
                        ask(discover(ANNA), "SILENCE SIMPLE_CLIENT"),
                        ask(select(ANNA, FIRST), "SILENCE SIMPLE_CLIENT"),
                        ask(reboot(ANNA, FIRST), "SILENCE SIMPLE_CLIENT"),
                        ask(renew(ANNA, FIRST), "SILENCE SIMPLE_CLIENT"),
                        ask(rebind(ANNA, FIRST), "SILENCE SIMPLE_CLIENT"),
                        ask(inform(ANNA, FIRST), "SILENCE SIMPLE_CLIENT"),
                        ask(bootp(ANNA), "SILENCE SIMPLE_CLIENT"),
                        recorded()),
                Row.of(
                        "a PXE DISCOVER opens the door for the operating system",
                        strict,
                        ask(pxeDiscover, "OFFER " + FIRST),
                        pass(OFFER_TIMEOUT.plusSeconds(1)),
                        boots(ANNA, FIRST),
                        ask(discover(BERT), "SILENCE SIMPLE_CLIENT")),
                Row.of("a PXE REQUEST needs no DISCOVER before it", strict, ask(pxeSelect, "ACK " + FIRST + " 3600")),
                Row.of(
                        "a machine that once booted is known after a restart, with its UUID",
                        strict,
                        ask(pxeDiscover, "OFFER " + FIRST),
                        ask(pxeSelect, "ACK " + FIRST + " 3600"),
                        restart(),
                        pass(Duration.ofDays(400)),
                        boots(ANNA, FIRST),
                        scene -> assertThat(scene.asked)
                                .allSatisfy(request ->
                                        assertThat(request.client().uuid()).contains(ANNAS_UUID)),
                        scene -> assertThat(scene.store.load().get(0))
                                .satisfies(lease ->
                                        assertThat(lease.networkBooted()).isTrue())
                                .satisfies(lease ->
                                        assertThat(lease.client().uuid()).contains(ANNAS_UUID))),
                Row.of(
                        "a machine that declined its address is known after a restart",
                        strict,
                        ask(pxeDiscover, "OFFER " + FIRST),
                        ask(pxeSelect, "ACK " + FIRST + " 3600"),
                        ask(decline(ANNA, FIRST), "SILENCE DONE"),
                        restart(),
                        boots(ANNA, SECOND)),
                Row.of(
                        "a machine that declined its address and got another is known after a restart",
                        strict,
                        ask(pxeDiscover, "OFFER " + FIRST),
                        ask(pxeSelect, "ACK " + FIRST + " 3600"),
                        ask(decline(ANNA, FIRST), "SILENCE DONE"),
                        boots(ANNA, SECOND),
                        restart(),
                        boots(ANNA, SECOND)),
                Row.of(
                        "who has a lease can give it back all the same",
                        new Setting(),
                        boots(ANNA, FIRST),
                        restartWith(strict),
                        ask(renew(ANNA, FIRST), "SILENCE SIMPLE_CLIENT"),
                        ask(release(ANNA, FIRST), "SILENCE DONE")));
    }

    static Stream<Row> access() {
        return Stream.of(
                Row.of(
                        "the denied get nothing, whatever they ask for",
                        boots(ANNA, FIRST),
                        denied(ANNA),
                        ask(discover(ANNA), "SILENCE DENIED"),
                        ask(select(ANNA, FIRST), "SILENCE DENIED"),
                        ask(reboot(ANNA, FIRST), "SILENCE DENIED"),
                        ask(renew(ANNA, FIRST), "SILENCE DENIED"),
                        ask(rebind(ANNA, FIRST), "SILENCE DENIED"),
                        ask(inform(ANNA, FIRST), "SILENCE DENIED"),
                        ask(bootp(ANNA), "SILENCE DENIED"),
                        boots(BERT, SECOND),
                        ask(release(ANNA, FIRST), "SILENCE DONE")),
                Row.of(
                        "whom no list names gets nothing",
                        scene -> scene.access = request ->
                                CompletableFuture.completedStage(new Verdict.Unlisted("not listed in [mac]")),
                        ask(discover(ANNA), "SILENCE DENIED"),
                        ask(select(ANNA, FIRST), "SILENCE DENIED")),
                Row.of(
                        "a reservation is no pass",
                        new Setting().reserved(ANNA, FIRST),
                        denied(ANNA),
                        ask(discover(ANNA), "SILENCE DENIED")));
    }

    static Stream<Row> storing() {
        return Stream.of(
                Row.of(
                        "no ACK before it is on disk, and the address is kept meanwhile",
                        ask(discover(ANNA), "OFFER " + FIRST),
                        holdStore(),
                        ask(select(ANNA, FIRST), "..."),
                        ask(discover(BERT, FIRST), "OFFER " + SECOND),
                        ask(select(BERT, FIRST), "NAK ADDRESS_TAKEN"),
                        ask(discover(ANNA), "OFFER " + FIRST),
                        letStoreGo(),
                        ask(renew(ANNA, FIRST), "ACK " + FIRST + " 3600")),
                Row.of(
                        "a store that fails costs the ACK and nothing else",
                        boots(ANNA, FIRST),
                        pass(Duration.ofMinutes(1)),
                        storeFails(true),
                        ask(discover(BERT), "OFFER " + SECOND),
                        ask(select(BERT, SECOND), "SILENCE STORE_UNAVAILABLE"),
                        ask(renew(ANNA, FIRST), "SILENCE STORE_UNAVAILABLE"),
                        ask(release(ANNA, FIRST), "SILENCE STORE_UNAVAILABLE"),
                        ask(decline(ANNA, FIRST), "SILENCE STORE_UNAVAILABLE"),
                        ask(bootp(CARL), "SILENCE STORE_UNAVAILABLE"),
                        ask(inform(ANNA, FIRST), "INFORMED " + FIRST),
                        ask(discover(ANNA), "OFFER " + FIRST),
                        storeFails(false),
                        ask(select(BERT, SECOND), "ACK " + SECOND + " 3600"),
                        ask(renew(ANNA, FIRST), "ACK " + FIRST + " 3600"),
                        ask(bootp(CARL), "BOOTREPLY " + THIRD + " 4294967295"),
                        recorded(BOUND, BOUND, RENEWED, BOUND)));
    }
}
