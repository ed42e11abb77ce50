package org.jbootd.domain.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jbootd.domain.exchange.Scene.ANNA;
import static org.jbootd.domain.exchange.Scene.BERT;
import static org.jbootd.domain.exchange.Scene.CARL;
import static org.jbootd.domain.exchange.Scene.DORA;
import static org.jbootd.domain.exchange.Scene.FIRST;
import static org.jbootd.domain.exchange.Scene.LEASE_TIME;
import static org.jbootd.domain.exchange.Scene.SECOND;
import static org.jbootd.domain.exchange.Scene.START;
import static org.jbootd.domain.exchange.Scene.THIRD;
import static org.jbootd.domain.exchange.Scene.ask;
import static org.jbootd.domain.exchange.Scene.boots;
import static org.jbootd.domain.exchange.Scene.decline;
import static org.jbootd.domain.exchange.Scene.discover;
import static org.jbootd.domain.exchange.Scene.firmware;
import static org.jbootd.domain.exchange.Scene.holdStore;
import static org.jbootd.domain.exchange.Scene.letStoreGo;
import static org.jbootd.domain.exchange.Scene.pass;
import static org.jbootd.domain.exchange.Scene.reboot;
import static org.jbootd.domain.exchange.Scene.recorded;
import static org.jbootd.domain.exchange.Scene.release;
import static org.jbootd.domain.exchange.Scene.renew;
import static org.jbootd.domain.exchange.Scene.request;
import static org.jbootd.domain.exchange.Scene.restartWith;
import static org.jbootd.domain.exchange.Scene.select;
import static org.jbootd.domain.exchange.Scene.text;
import static org.jbootd.domain.exchange.Scene.tick;
import static org.jbootd.domain.lease.LeaseChange.Kind.BOUND;
import static org.jbootd.domain.lease.LeaseChange.Kind.EXPIRED;
import static org.jbootd.domain.lease.LeaseChange.Kind.RENEWED;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.boot.BootPlan;
import org.jbootd.domain.boot.BootPlanner;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.exchange.Scene.Setting;
import org.jbootd.domain.exchange.Scene.Step;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings change while machines are served. */
class ReloadTest {

    /** Of a lease that begins when a scene does, as it is stored. */
    private static final Instant END = START.plus(LEASE_TIME).plusSeconds(1).plusMillis(750);

    private static final AccessControl NOBODY =
            request -> CompletableFuture.completedStage(new Verdict.Denied("by the new settings"));

    record Row(String sentence, Setting setting, List<Step> steps) {

        static Row of(String sentence, Setting setting, Step... steps) {
            return new Row(sentence, setting, List.of(steps));
        }

        @Override
        public String toString() {
            return sentence;
        }
    }

    private static Step adopt(Setting setting) {
        return adopt(setting, AccessControl.EVERYBODY);
    }

    private static Step adopt(Setting setting, AccessControl access) {
        return scene -> adopt(scene, setting, access, request -> BootPlan.NOTHING);
    }

    private static void adopt(Scene scene, Setting setting, AccessControl access, BootPlanner planner) {
        scene.desk.adopt(List.of(setting.lan(), setting.annex()), access, planner, setting.decisions());
    }

    private static Setting one() {
        return new Setting().pool(FIRST, 1).reclaimAfter(Duration.ZERO);
    }

    /** Where leases have no end. */
    private static Setting without() {
        return one().leaseTime(Lease.FOREVER);
    }

    private static ClientMessage rebootIn(int xid) {
        return new ClientMessage.Reboot(request(ANNA, BootStage.OPERATING_SYSTEM, "lan", xid), Ipv4.parse(FIRST));
    }

    private static ClientMessage renewIn(int xid) {
        return new ClientMessage.Renew(request(ANNA, BootStage.OPERATING_SYSTEM, "lan", xid), Ipv4.parse(FIRST));
    }

    private static Step endsAt(Instant end) {
        return scene -> assertThat(scene.store.load()).extracting(Lease::until).containsExactly(end);
    }

    private static Step orphans(Setting setting, String... addresses) {
        return scene -> assertThat(scene.desk.orphans(List.of(setting.lan(), setting.annex())))
                .extracting(lease -> lease.address().toString())
                .containsExactlyInAnyOrder(addresses);
    }

    static Stream<Row> rows() {
        return Stream.of(
                Row.of(
                        "the next message is decided by the new access control",
                        new Setting(),
                        boots(ANNA, FIRST),
                        adopt(new Setting(), NOBODY),
                        ask(renew(ANNA, FIRST), "SILENCE DENIED"),
                        adopt(new Setting()),
                        ask(renew(ANNA, FIRST), "ACK " + FIRST + " 3600")),
                Row.of(
                        "leases and offers stay where they are",
                        new Setting(),
                        boots(ANNA, FIRST),
                        ask(discover(BERT), "OFFER " + SECOND),
                        adopt(new Setting()),
                        ask(discover(CARL, FIRST), "OFFER " + THIRD),
                        ask(discover(DORA), "SILENCE POOL_EXHAUSTED"),
                        ask(select(BERT, SECOND), "ACK " + SECOND + " 3600"),
                        ask(renew(ANNA, FIRST), "ACK " + FIRST + " 3600")),
                Row.of(
                        "a larger pool has more addresses",
                        new Setting().pool("10.0.0.100", 1),
                        boots(ANNA, FIRST),
                        ask(discover(BERT), "SILENCE POOL_EXHAUSTED"),
                        adopt(new Setting().pool("10.0.0.100", 2)),
                        boots(BERT, SECOND)),
                Row.of(
                        "who is outside the new pool is moved at the next renewal, and is told of before",
                        new Setting(),
                        boots(ANNA, FIRST),
                        boots(BERT, SECOND),
                        orphans(new Setting().pool("10.0.0.101", 2), FIRST),
                        adopt(new Setting().pool("10.0.0.101", 2)),
                        ask(renew(ANNA, FIRST), "NAK WRONG_ADDRESS"),
                        boots(ANNA, THIRD),
                        ask(renew(BERT, SECOND), "ACK " + SECOND + " 3600")),
                Row.of(
                        "a lease that is over is nobody's loss",
                        new Setting(),
                        boots(ANNA, FIRST),
                        boots(BERT, SECOND),
                        ask(release(BERT, SECOND), "SILENCE DONE"),
                        pass(Duration.ofDays(1)),
                        orphans(new Setting().pool("10.0.0.102", 1))),
                Row.of(
                        "an address that another machine gets by name is lost to its holder",
                        new Setting(),
                        boots(ANNA, FIRST),
                        orphans(new Setting().reserved(BERT, FIRST), FIRST),
                        orphans(new Setting().reserved(ANNA, FIRST))),
                Row.of(
                        "an offer of an address that is out of the pool now is withdrawn",
                        new Setting(),
                        ask(discover(ANNA), "OFFER " + FIRST),
                        adopt(new Setting().pool("10.0.0.101", 2)),
                        ask(select(ANNA, FIRST), "NAK WRONG_ADDRESS"),
                        ask(discover(ANNA), "OFFER " + SECOND)),
                Row.of(
                        "an offer to another does not keep a machine from the address that is newly its own",
                        new Setting(),
                        ask(discover(ANNA), "OFFER " + FIRST),
                        adopt(new Setting().reserved(BERT, FIRST)),
                        ask(discover(BERT), "OFFER " + FIRST),
                        ask(discover(ANNA), "OFFER " + SECOND)),
                Row.of(
                        "a machine gets the address that is newly its own",
                        new Setting(),
                        boots(ANNA, FIRST),
                        adopt(new Setting().reserved(ANNA, "10.0.0.50")),
                        ask(renew(ANNA, FIRST), "NAK WRONG_ADDRESS"),
                        boots(ANNA, "10.0.0.50"),
                        boots(BERT, FIRST)),
                Row.of(
                        "an address that rests goes on resting",
                        new Setting(),
                        boots(ANNA, FIRST),
                        ask(decline(ANNA, FIRST), "SILENCE DONE"),
                        adopt(new Setting()),
                        ask(discover(BERT, FIRST), "OFFER " + SECOND)),
                Row.of(
                        "one that has rested enough is free",
                        new Setting(),
                        boots(ANNA, FIRST),
                        ask(decline(ANNA, FIRST), "SILENCE DONE"),
                        pass(Scene.DECLINE_TIMEOUT.plusSeconds(2)),
                        adopt(new Setting()),
                        ask(discover(BERT), "OFFER " + FIRST)),
                Row.of(
                        "a lease without an end gets one when its client renews by the one that it was told",
                        without(),
                        boots(ANNA, FIRST),
                        adopt(one()),
                        ask(rebootIn(1), "ACK " + FIRST + " 3600"),
                        endsAt(Instant.MAX), // its client may not have heard that
                        pass(LEASE_TIME.dividedBy(2)),
                        ask(renewIn(2), "ACK " + FIRST + " 3600"),
                        endsAt(END.plus(LEASE_TIME.dividedBy(2))),
                        pass(LEASE_TIME.plusSeconds(2)),
                        tick(),
                        ask(discover(BERT), "OFFER " + FIRST),
                        recorded(BOUND, RENEWED, RENEWED, EXPIRED)),
                Row.of(
                        "so does one that was taken over, or is found after a restart",
                        without(),
                        boots(ANNA, FIRST),
                        restartWith(one()),
                        ask(renewIn(1), "ACK " + FIRST + " 3600"),
                        endsAt(Instant.MAX),
                        pass(LEASE_TIME.dividedBy(2)),
                        ask(renewIn(2), "ACK " + FIRST + " 3600"),
                        endsAt(END.plus(LEASE_TIME.dividedBy(2)))),
                Row.of(
                        "who only asks again may have heard nothing",
                        without(),
                        boots(ANNA, FIRST),
                        adopt(one()),
                        ask(renewIn(1), "ACK " + FIRST + " 3600"),
                        pass(Duration.ofMinutes(1)),
                        ask(renewIn(2), "ACK " + FIRST + " 3600"),
                        pass(LEASE_TIME.dividedBy(2)),
                        ask(renewIn(2), "ACK " + FIRST + " 3600"),
                        ask(rebootIn(3), "ACK " + FIRST + " 3600"),
                        endsAt(Instant.MAX)),
                Row.of(
                        "who was told of several ends may have heard the furthest only",
                        without(),
                        boots(ANNA, FIRST),
                        adopt(one().leaseTime(LEASE_TIME.multipliedBy(10))),
                        ask(rebootIn(1), "ACK " + FIRST + " 36000"),
                        adopt(one()),
                        ask(rebootIn(2), "ACK " + FIRST + " 3600"),
                        pass(LEASE_TIME.multipliedBy(5)),
                        ask(renewIn(3), "ACK " + FIRST + " 3600"),
                        endsAt(END.plus(LEASE_TIME.multipliedBy(9)))),
                Row.of(
                        "who is told again that there is no end has none",
                        without(),
                        boots(ANNA, FIRST),
                        adopt(one()),
                        ask(rebootIn(1), "ACK " + FIRST + " 3600"),
                        adopt(without()),
                        ask(rebootIn(2), "ACK " + FIRST + " 4294967295"),
                        adopt(one()),
                        pass(LEASE_TIME.dividedBy(2)),
                        ask(renewIn(3), "ACK " + FIRST + " 3600"),
                        endsAt(Instant.MAX)),
                Row.of(
                        "what is on its way to disk is answered as it was decided",
                        new Setting(),
                        ask(discover(ANNA), "OFFER " + FIRST),
                        holdStore(),
                        scene -> {
                            CompletableFuture<Answer> ack = scene.say(select(ANNA, FIRST));
                            adopt(new Setting().pool("10.0.0.101", 2).leaseTime(Duration.ofSeconds(60)), NOBODY)
                                    .play(scene);
                            ask(select(ANNA, FIRST), "...").play(scene);
                            letStoreGo().play(scene);
                            assertThat(text(ack)).isEqualTo("ACK " + FIRST + " 3600");
                        }),
                Row.of(
                        "what waits behind another write begins again",
                        new Setting(),
                        ask(discover(ANNA), "OFFER " + FIRST),
                        holdStore(),
                        scene -> {
                            CompletableFuture<Answer> ack = scene.say(select(ANNA, FIRST));
                            CompletableFuture<Answer> behind = scene.say(reboot(ANNA, FIRST));
                            CompletableFuture<Answer> giving = scene.say(release(ANNA, FIRST));
                            adopt(new Setting(), NOBODY).play(scene);
                            letStoreGo().play(scene);
                            assertThat(text(ack)).isEqualTo("ACK " + FIRST + " 3600");
                            assertThat(text(behind)).isEqualTo("SILENCE DENIED");
                            assertThat(text(giving)).isEqualTo("SILENCE DONE");
                        }));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void plays(Row row) {
        new Scene(row.setting()).play(row.steps());
    }

    @Test
    void whoWaitsForAVerdictIsAskedAboutAgainByTheNewSettings() {
        Scene scene = new Scene(new Setting());
        CompletableFuture<Verdict> former = new CompletableFuture<>();
        scene.access = request -> former;
        CompletableFuture<Answer> answer = scene.say(discover(ANNA));

        adopt(new Setting().pool("10.0.0.101", 2)).play(scene);
        CompletableFuture<Answer> copy = scene.say(discover(ANNA));
        former.complete(new Verdict.Denied("by the former settings"));
        scene.run();

        assertThat(text(answer)).isEqualTo("OFFER " + SECOND);
        assertThat(text(copy)).as("joined").isEqualTo("OFFER " + SECOND);
    }

    @Test
    void aFormerGrantIsNone() {
        Scene scene = new Scene(new Setting());
        CompletableFuture<Verdict> former = new CompletableFuture<>();
        scene.access = request -> former;
        CompletableFuture<Answer> answer = scene.say(discover(ANNA));

        adopt(new Setting(), NOBODY).play(scene);
        former.complete(Verdict.GRANTED);
        scene.run();

        assertThat(text(answer)).isEqualTo("SILENCE DENIED");
    }

    @Test
    void whoWaitsAndIsNotServedAnyMoreGetsNothing() {
        Scene scene = new Scene(new Setting());
        CompletableFuture<Verdict> former = new CompletableFuture<>();
        scene.access = request -> former;
        CompletableFuture<Answer> answer = scene.say(discover(ANNA));

        adopt(new Setting().networkBootersOnly()).play(scene);
        former.complete(Verdict.GRANTED);
        scene.run();

        assertThat(text(answer)).isEqualTo("SILENCE SIMPLE_CLIENT");
        assertThat(text(scene.say(new ClientMessage.Discover(firmware(ANNA), Optional.empty()))))
                .isEqualTo("OFFER " + FIRST);
    }

    @Test
    void eachAnswerIsOfOneConfiguration() {
        Scene scene = new Scene(new Setting());
        scene.planner = request -> new BootPlan(Optional.of("former"), Optional.empty());
        scene.say(discover(ANNA));
        holdStore().play(scene);
        CompletableFuture<Answer> ack = scene.say(select(ANNA, FIRST));

        Setting next = new Setting().leaseTime(Duration.ofSeconds(60));
        adopt(scene, next, AccessControl.EVERYBODY, request -> new BootPlan(Optional.of("next"), Optional.empty()));
        letStoreGo().play(scene);

        Answer.Terms terms = ((Answer.Ack) ack.join()).terms();
        assertThat(terms.plan().bootFile()).contains("former");
        assertThat(terms.subnet().leaseTime()).isEqualTo(Scene.LEASE_TIME);
        Answer.Terms later = ((Answer.Ack) scene.say(renew(ANNA, FIRST)).join()).terms();
        assertThat(later.plan().bootFile()).contains("next");
        assertThat(later.leaseTime()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void anotherNetworkIsRefusedAndNothingChanges() {
        Scene scene = new Scene(new Setting());
        Subnet lan = new Setting().lan();
        Subnet annex = new Setting().annex();

        for (List<Subnet> others : List.of(List.<Subnet>of(), List.of(lan), List.of(lan, moved(annex)))) {
            assertThatThrownBy(
                            () -> scene.desk.adopt(others, NOBODY, request -> BootPlan.NOTHING, Desk.Settings.of(true)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> scene.desk.orphans(others)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(scene.hears(discover(ANNA))).isEqualTo("OFFER " + FIRST);
    }

    private static Subnet moved(Subnet subnet) {
        return subnet.but().server(Ipv4.parse("10.0.9.2")).build();
    }

    @Test
    void aLeaseOutsideOfThePoolBeforeIsNoNewLoss() {
        Scene scene = new Scene(new Setting(), Scene.stored(ANNA, "10.0.0.50"));

        assertThat(scene.desk.orphans(List.of(new Setting().lan(), new Setting().annex())))
                .extracting(Lease::address)
                .isEmpty();
    }
}
