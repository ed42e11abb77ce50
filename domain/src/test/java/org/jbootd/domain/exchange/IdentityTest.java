package org.jbootd.domain.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.jbootd.domain.exchange.Scene.ANNA;
import static org.jbootd.domain.exchange.Scene.ANNAS_UUID;
import static org.jbootd.domain.exchange.Scene.BERT;
import static org.jbootd.domain.exchange.Scene.CARL;
import static org.jbootd.domain.exchange.Scene.FIRST;
import static org.jbootd.domain.exchange.Scene.LEASE_TIME;
import static org.jbootd.domain.exchange.Scene.SECOND;
import static org.jbootd.domain.exchange.Scene.SELF;
import static org.jbootd.domain.exchange.Scene.START;
import static org.jbootd.domain.exchange.Scene.THIRD;
import static org.jbootd.domain.exchange.Scene.ask;
import static org.jbootd.domain.exchange.Scene.bootp;
import static org.jbootd.domain.exchange.Scene.boots;
import static org.jbootd.domain.exchange.Scene.holdStore;
import static org.jbootd.domain.exchange.Scene.inform;
import static org.jbootd.domain.exchange.Scene.pass;
import static org.jbootd.domain.exchange.Scene.recorded;
import static org.jbootd.domain.exchange.Scene.restart;
import static org.jbootd.domain.exchange.Scene.storeFails;
import static org.jbootd.domain.exchange.Scene.tick;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.exchange.Scene.Setting;
import org.jbootd.domain.exchange.Scene.Step;
import org.jbootd.domain.lease.LeaseChange.Kind;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What makes two messages those of one client, by either choice of the operator. */
class IdentityTest {

    /** A DUID behind an IAID, as RFC 4361 §6.1 has it, and the same DUID behind another. */
    private static final String SYSTEM = "ff0000000100030001020000000001";

    private static final String SECOND_CARD = "ff0000000200030001020000000001";

    /** What PXE firmware sends: type 0 and its UUID. */
    private static final String FIRMWARE = "0012345678abcdef008111abcdefabcdef";

    @ParameterizedTest(name = "{0}")
    @MethodSource({"byClientIdentifier", "byHardware"})
    void a_client_is_known(Row row) {
        row.play();
    }

    /** RFC 2131 §4.2, RFC 4361 §6.3. */
    static Stream<Row> byClientIdentifier() {
        return Stream.of(
                Row.of(
                        "one identifier on another network card has the address that it had",
                        bound(ANNA, SYSTEM, FIRST),
                        ask(discover(BERT, SYSTEM, BootStage.OPERATING_SYSTEM), "OFFER " + FIRST),
                        pass(Duration.ofMinutes(2)),
                        ask(reboot(BERT, SYSTEM, FIRST), "ACK " + FIRST + " 3600"),
                        ask(renew(BERT, SYSTEM, FIRST), "ACK " + FIRST + " 3600"),
                        recorded(Kind.BOUND, Kind.RECLAIMED, Kind.BOUND),
                        scene -> assertThat(scene.store.history())
                                .extracting(
                                        change -> change.lease().client().hardware(),
                                        change -> change.lease().since())
                                .containsExactly(
                                        tuple(HardwareAddress.parse(ANNA), START),
                                        tuple(HardwareAddress.parse(ANNA), START),
                                        tuple(HardwareAddress.parse(BERT), scene.now)),
                        pass(LEASE_TIME.dividedBy(2)),
                        ask(renew(BERT, SYSTEM, FIRST), "ACK " + FIRST + " 3600"),
                        recorded(Kind.BOUND, Kind.RECLAIMED, Kind.BOUND, Kind.RENEWED)),
                Row.of(
                        "what another network card had until it ran out begins anew",
                        bound(ANNA, SYSTEM, FIRST),
                        pass(LEASE_TIME.plusSeconds(2)),
                        tick(),
                        ask(reboot(BERT, SYSTEM, FIRST), "ACK " + FIRST + " 3600"),
                        recorded(Kind.BOUND, Kind.EXPIRED, Kind.BOUND)),
                Row.of(
                        "what is not stored on another network card stays with the one before",
                        bound(ANNA, SYSTEM, FIRST),
                        storeFails(true),
                        ask(reboot(BERT, SYSTEM, FIRST), "SILENCE STORE_UNAVAILABLE"),
                        storeFails(false),
                        ask(discover(CARL, SECOND_CARD, BootStage.OPERATING_SYSTEM), "OFFER " + SECOND),
                        ask(renew(ANNA, SYSTEM, FIRST), "ACK " + FIRST + " 3600"),
                        recorded(Kind.BOUND)),
                Row.of(
                        "two identifiers on one network card are two clients",
                        bound(ANNA, SYSTEM, FIRST),
                        bound(ANNA, FIRMWARE, SECOND),
                        ask(renew(ANNA, SYSTEM, FIRST), "ACK " + FIRST + " 3600"),
                        ask(renew(ANNA, FIRMWARE, FIRST), "NAK WRONG_ADDRESS"),
                        recorded(Kind.BOUND, Kind.BOUND)),
                Row.of(
                        "two IAIDs of one DUID are two clients",
                        bound(ANNA, SYSTEM, FIRST),
                        bound(BERT, SECOND_CARD, SECOND)),
                Row.of(
                        "the same xid of two clients on one network card is no retransmission",
                        holdStore(),
                        ask(select(ANNA, SYSTEM, FIRST), "..."),
                        ask(select(ANNA, FIRMWARE, FIRST), "NAK ADDRESS_TAKEN")),
                Row.of(
                        "without an identifier the hardware address is the key",
                        boots(ANNA, FIRST),
                        boots(BERT, SECOND),
                        ask(Scene.discover(ANNA), "OFFER " + FIRST)),
                Row.of(
                        "a binding made with an identifier is not found without, and the other way round",
                        bound(ANNA, SYSTEM, FIRST),
                        ask(Scene.discover(ANNA), "OFFER " + SECOND),
                        ask(Scene.renew(ANNA, FIRST), "NAK ADDRESS_TAKEN"),
                        boots(BERT, "10.0.0.102"),
                        ask(reboot(BERT, FIRMWARE, "10.0.0.102"), "NAK ADDRESS_TAKEN")),
                Row.of(
                        "one octet is an identifier, too",
                        bound(ANNA, "00", FIRST),
                        ask(discover(BERT, "00", BootStage.OPERATING_SYSTEM), "OFFER " + FIRST)),
                Row.of(
                        "nobody gives back or declines the address of another identifier on the same network card",
                        bound(ANNA, SYSTEM, FIRST),
                        ask(release(ANNA, FIRMWARE, FIRST), "SILENCE NOT_THE_HOLDER"),
                        ask(decline(ANNA, FIRMWARE, FIRST), "SILENCE NOT_THE_HOLDER"),
                        ask(Scene.release(ANNA, FIRST), "SILENCE NOT_THE_HOLDER"),
                        ask(release(BERT, SYSTEM, FIRST), "SILENCE DONE"),
                        recorded(Kind.BOUND, Kind.RELEASED)),
                Row.of(
                        "the key outlives a restart",
                        bound(ANNA, SYSTEM, FIRST),
                        restart(),
                        ask(Scene.discover(ANNA), "OFFER " + SECOND),
                        ask(discover(BERT, SYSTEM, BootStage.OPERATING_SYSTEM), "OFFER " + FIRST)),
                Row.of(
                        "a BOOTP lease is not shortened by a client with an identifier on the same machine",
                        ask(bootp(ANNA), "BOOTREPLY " + FIRST + " 4294967295"),
                        bound(ANNA, SYSTEM, SECOND),
                        ask(bootp(ANNA), "BOOTREPLY " + FIRST + " 4294967295"),
                        recorded(Kind.BOUND, Kind.BOUND)),
                Row.of(
                        "a reserved address goes from one client of its machine to the next",
                        new Setting().reserved(ANNA, THIRD),
                        bound(ANNA, FIRMWARE, THIRD),
                        bound(ANNA, SYSTEM, THIRD),
                        ask(renew(ANNA, SYSTEM, THIRD), "ACK " + THIRD + " 3600"),
                        bound(ANNA, FIRMWARE, THIRD),
                        recorded(Kind.BOUND, Kind.RECLAIMED, Kind.BOUND, Kind.RECLAIMED, Kind.BOUND)),
                Row.of(
                        "a reserved address on offer to the firmware is offered to the system as well",
                        new Setting().reserved(ANNA, THIRD),
                        ask(discover(ANNA, FIRMWARE, BootStage.FIRMWARE), "OFFER " + THIRD),
                        bound(ANNA, SYSTEM, THIRD),
                        ask(discover(ANNA, FIRMWARE, BootStage.FIRMWARE), "OFFER " + THIRD)),
                Row.of(
                        "a reservation is for the machine: the same identifier elsewhere gets another address",
                        new Setting().reserved(ANNA, THIRD),
                        bound(ANNA, SYSTEM, THIRD),
                        bound(BERT, SYSTEM, FIRST),
                        recorded(Kind.BOUND, Kind.MOVED, Kind.BOUND)),
                Row.of(
                        "nor does it get the reserved one while that is on offer, or on its way to disk",
                        new Setting().reserved(ANNA, THIRD),
                        ask(discover(ANNA, SYSTEM, BootStage.OPERATING_SYSTEM), "OFFER " + THIRD),
                        ask(discover(BERT, SYSTEM, BootStage.OPERATING_SYSTEM), "OFFER " + FIRST),
                        holdStore(),
                        ask(select(ANNA, SYSTEM, THIRD), "..."),
                        ask(discover(BERT, SYSTEM, BootStage.OPERATING_SYSTEM), "OFFER " + FIRST)),
                Row.of(
                        "a system is served because the firmware of its machine booted, before a restart and after",
                        new Setting().networkBootersOnly(),
                        ask(discover(ANNA, SYSTEM, BootStage.OPERATING_SYSTEM), "SILENCE SIMPLE_CLIENT"),
                        ask(select(ANNA, FIRMWARE, FIRST, BootStage.FIRMWARE), "ACK " + FIRST + " 3600"),
                        ask(discover(ANNA, SYSTEM, BootStage.OPERATING_SYSTEM), "OFFER " + SECOND),
                        restart(),
                        ask(discover(ANNA, SYSTEM, BootStage.OPERATING_SYSTEM), "OFFER " + SECOND),
                        ask(Scene.discover(ANNA), "OFFER " + THIRD),
                        ask(discover(BERT, SECOND_CARD, BootStage.OPERATING_SYSTEM), "SILENCE SIMPLE_CLIENT")),
                Row.of(
                        "access control hears the UUID that the firmware told, whatever the system is known by",
                        onlyAnnasUuid(),
                        ask(select(ANNA, FIRMWARE, FIRST, BootStage.FIRMWARE), "ACK " + FIRST + " 3600"),
                        restart(),
                        onlyAnnasUuid(),
                        ask(discover(ANNA, SYSTEM, BootStage.OPERATING_SYSTEM), "OFFER " + SECOND),
                        ask(discover(BERT, SECOND_CARD, BootStage.OPERATING_SYSTEM), "SILENCE DENIED")),
                Row.of(
                        "on another network card the system still brings the UUID that its firmware told",
                        onlyAnnasUuid(),
                        ask(select(ANNA, FIRMWARE, FIRST, BootStage.FIRMWARE), "ACK " + FIRST + " 3600"),
                        restart(),
                        onlyAnnasUuid(),
                        ask(discover(BERT, FIRMWARE, BootStage.OPERATING_SYSTEM), "OFFER " + FIRST)),
                Row.of(
                        "the firmware's UUID is known before it has an address",
                        onlyAnnasUuid(),
                        ask(discover(ANNA, FIRMWARE, BootStage.FIRMWARE), "OFFER " + FIRST),
                        ask(discover(ANNA, SYSTEM, BootStage.OPERATING_SYSTEM), "OFFER " + SECOND)),
                Row.of(
                        "and on another network",
                        onlyAnnasUuid(),
                        ask(select(ANNA, FIRMWARE, FIRST, BootStage.FIRMWARE), "ACK " + FIRST + " 3600"),
                        restart(),
                        onlyAnnasUuid(),
                        ask(
                                new ClientMessage.Discover(
                                        Scene.request(ANNA, BootStage.OPERATING_SYSTEM, "annex", 0), Optional.empty()),
                                "OFFER 10.0.9.100")),
                Row.of(
                        "INFORM neither needs nor makes a binding",
                        bound(ANNA, SYSTEM, FIRST),
                        ask(inform(ANNA, SECOND), "INFORMED " + SECOND),
                        bound(BERT, SECOND_CARD, SECOND)));
    }

    /** Promise: one machine, one address, from firmware to operating system. */
    static Stream<Row> byHardware() {
        return Stream.of(
                Row.of(
                        "by hardware, two identifiers on one network card are one client",
                        select(ANNA, FIRMWARE, FIRST, Identification.HARDWARE, "ACK " + FIRST + " 3600"),
                        select(ANNA, SYSTEM, FIRST, Identification.HARDWARE, "ACK " + FIRST + " 3600"),
                        select(ANNA, SYSTEM, SECOND, Identification.HARDWARE, "NAK WRONG_ADDRESS"),
                        boots(ANNA, FIRST)),
                Row.of(
                        "by hardware, one identifier on two network cards is two clients",
                        select(ANNA, SYSTEM, FIRST, Identification.HARDWARE, "ACK " + FIRST + " 3600"),
                        select(BERT, SYSTEM, FIRST, Identification.HARDWARE, "NAK ADDRESS_TAKEN"),
                        select(BERT, SYSTEM, SECOND, Identification.HARDWARE, "ACK " + SECOND + " 3600")));
    }

    private static Step onlyAnnasUuid() {
        return scene -> scene.access = request -> CompletableFuture.completedStage(
                request.client().uuid().filter(ANNAS_UUID::equals).isPresent()
                        ? Verdict.GRANTED
                        : new Verdict.Denied("not listed"));
    }

    /** A client that has gone through DISCOVER and REQUEST. */
    private static Step bound(String machine, String identifier, String address) {
        return scene -> {
            ask(discover(machine, identifier, BootStage.OPERATING_SYSTEM), "OFFER " + address)
                    .play(scene);
            ask(select(machine, identifier, address), "ACK " + address + " 3600")
                    .play(scene);
        };
    }

    private static ClientMessage discover(String machine, String identifier, BootStage stage) {
        return new ClientMessage.Discover(from(machine, identifier, stage), Optional.empty());
    }

    private static ClientMessage select(String machine, String identifier, String address) {
        return select(machine, identifier, address, BootStage.OPERATING_SYSTEM);
    }

    private static ClientMessage select(String machine, String identifier, String address, BootStage stage) {
        return new ClientMessage.Select(from(machine, identifier, stage), SELF, Ipv4.parse(address));
    }

    private static Step select(String machine, String identifier, String address, Identification by, String expected) {
        Request request = from(machine, identifier, BootStage.OPERATING_SYSTEM, by);
        return ask(new ClientMessage.Select(request, SELF, Ipv4.parse(address)), expected);
    }

    private static ClientMessage reboot(String machine, String identifier, String address) {
        return new ClientMessage.Reboot(system(machine, identifier), Ipv4.parse(address));
    }

    private static ClientMessage renew(String machine, String identifier, String address) {
        return new ClientMessage.Renew(system(machine, identifier), Ipv4.parse(address));
    }

    private static ClientMessage release(String machine, String identifier, String address) {
        return new ClientMessage.Release(system(machine, identifier), Optional.of(SELF), Ipv4.parse(address));
    }

    private static ClientMessage decline(String machine, String identifier, String address) {
        return new ClientMessage.Decline(system(machine, identifier), Optional.of(SELF), Ipv4.parse(address));
    }

    private static Request system(String machine, String identifier) {
        return from(machine, identifier, BootStage.OPERATING_SYSTEM);
    }

    private static Request from(String machine, String identifier, BootStage stage) {
        return from(machine, identifier, stage, Identification.CLIENT_ID);
    }

    private static Request from(String machine, String identifier, BootStage stage, Identification by) {
        ClientIdentity client = new ClientIdentity(
                HardwareAddress.parse(machine),
                Optional.of(Octets.parseHex(identifier)),
                stage == BootStage.FIRMWARE ? Optional.of(ANNAS_UUID) : Optional.empty());
        return new Request(
                0, client.by(by), stage, "lan", Ipv4.UNSPECIFIED, List.of(), Optional.empty(), Optional.empty());
    }
}
