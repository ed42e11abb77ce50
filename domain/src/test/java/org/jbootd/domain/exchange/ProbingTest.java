package org.jbootd.domain.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.domain.exchange.Scene.ANNA;
import static org.jbootd.domain.exchange.Scene.BERT;
import static org.jbootd.domain.exchange.Scene.CARL;
import static org.jbootd.domain.exchange.Scene.bootp;
import static org.jbootd.domain.exchange.Scene.discover;
import static org.jbootd.domain.exchange.Scene.reboot;
import static org.jbootd.domain.exchange.Scene.release;
import static org.jbootd.domain.exchange.Scene.select;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jbootd.domain.exchange.Scene.Setting;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.Test;

/** {@code ping_check}: an address that is new to its machine is asked for on the network before it is offered. */
class ProbingTest {

    private final Set<String> inUse = new HashSet<>();
    private final List<String> asked = new ArrayList<>();

    private Scene scene(Setting setting, Lease... stored) {
        Scene scene = new Scene(setting.pingCheck(), stored);
        scene.probe = (address, request) -> {
            asked.add(address.toString());
            return CompletableFuture.completedStage(inUse.contains(address.toString()));
        };
        return scene;
    }

    @Test
    void anAddressInUseIsNotOfferedAndRests() {
        Scene scene = scene(new Setting());
        inUse.add("10.0.0.100");

        assertThat(scene.hears(discover(ANNA))).isEqualTo("OFFER 10.0.0.101");
        assertThat(asked).containsExactly("10.0.0.100", "10.0.0.101");
        assertThat(scene.store.kinds()).containsExactly(LeaseChange.Kind.DECLINED);
        assertThat(scene.store.history().get(0).occasion().offered()).isEmpty();
        assertThat(scene.hears(select(ANNA, "10.0.0.101"))).isEqualTo("ACK 10.0.0.101 3600");
        assertThat(scene.store.history().get(1).occasion().offered()).contains(scene.now);
        assertThat(scene.hears(discover(BERT))).isEqualTo("OFFER 10.0.0.102");
    }

    @Test
    void whatWasFoundFreeIsNotAskedForAgainWhileItIsOnOffer() {
        Scene scene = scene(new Setting());

        assertThat(scene.hears(discover(ANNA))).isEqualTo("OFFER 10.0.0.100");
        assertThat(scene.hears(discover(ANNA, "10.0.0.100"))).isEqualTo("OFFER 10.0.0.100");
        assertThat(asked).containsExactly("10.0.0.100");

        scene.now = scene.now.plus(Scene.OFFER_TIMEOUT).plusSeconds(1);
        assertThat(scene.hears(discover(BERT))).isEqualTo("OFFER 10.0.0.100");
        assertThat(asked).containsExactly("10.0.0.100", "10.0.0.100");
    }

    @Test
    void aMachinesOwnAddressIsNotAskedFor() {
        Scene scene = scene(new Setting().reserved(BERT, "10.0.0.102"), Scene.stored(ANNA, "10.0.0.100"));
        inUse.addAll(List.of("10.0.0.100", "10.0.0.102"));

        assertThat(scene.hears(discover(ANNA))).isEqualTo("OFFER 10.0.0.100");
        assertThat(scene.hears(reboot(ANNA, "10.0.0.100"))).isEqualTo("ACK 10.0.0.100 3600");
        assertThat(scene.hears(discover(BERT))).isEqualTo("OFFER 10.0.0.102");
        scene.say(release(ANNA, "10.0.0.100"));
        assertThat(scene.hears(discover(ANNA))).isEqualTo("OFFER 10.0.0.100");
        assertThat(asked).isEmpty();
    }

    @Test
    void anOldMachineIsNotGivenOneInUseEither() {
        Scene scene = scene(new Setting());
        inUse.add("10.0.0.100");

        assertThat(scene.hears(bootp(ANNA))).isEqualTo("BOOTREPLY 10.0.0.101 4294967295");
        assertThat(scene.store.kinds()).containsExactly(LeaseChange.Kind.DECLINED, LeaseChange.Kind.BOUND);
        assertThat(scene.store.history())
                .as("nothing is offered to it")
                .allMatch(change -> change.occasion().offered().isEmpty());
    }

    @Test
    void theOneFreeAddressOfAPoolIsFound() {
        Scene scene = scene(new Setting().pool("10.0.0.100", 6));
        IntStream.range(0, 5).forEach(i -> inUse.add("10.0.0.10" + i));

        assertThat(scene.hears(discover(ANNA))).isEqualTo("OFFER 10.0.0.105");
        assertThat(scene.hears(discover(ANNA))).isEqualTo("OFFER 10.0.0.105");
    }

    @Test
    void whereAllAreInUseTheSearchEnds() {
        Scene scene = scene(new Setting().pool("10.0.0.100", 3));
        inUse.addAll(List.of("10.0.0.100", "10.0.0.101", "10.0.0.102"));

        assertThat(scene.hears(discover(ANNA))).isEqualTo("SILENCE POOL_EXHAUSTED");
        assertThat(asked).hasSizeLessThanOrEqualTo(Probing.MOST_CONFLICTS + 1);
    }

    @Test
    void oneMessageComesUponNoMoreThanSoManyAddressesInUse() {
        Scene scene = scene(new Setting().pool("10.0.0.100", 100));
        scene.probe = (address, request) -> {
            asked.add(address.toString());
            return CompletableFuture.completedStage(true);
        };

        assertThat(scene.hears(discover(ANNA))).isEqualTo("SILENCE POOL_EXHAUSTED");
        assertThat(asked).hasSize(Probing.MOST_CONFLICTS + 1);
    }

    @Test
    void anAddressThatItsMachineFoundInUseIsAskedForBeforeItGetsItAgain() {
        Scene scene = scene(
                new Setting().pool("10.0.0.100", 1),
                Scene.stored(
                        ANNA,
                        "10.0.0.100",
                        Lease.State.DECLINED,
                        Scene.START.minus(Scene.DECLINE_TIMEOUT),
                        Scene.START));

        assertThat(scene.hears(discover(ANNA))).isEqualTo("OFFER 10.0.0.100");
        assertThat(asked).containsExactly("10.0.0.100");
    }

    @Test
    void othersAreAnsweredMeanwhileAndCopiesJoin() {
        Scene scene = scene(new Setting());
        CompletableFuture<Boolean> slow = new CompletableFuture<>();
        scene.probe = (address, request) ->
                address.equals(Ipv4.parse("10.0.0.100")) ? slow : CompletableFuture.completedStage(false);

        CompletableFuture<Answer> first = scene.say(discover(ANNA));
        CompletableFuture<Answer> copy = scene.say(discover(ANNA));
        assertThat(scene.hears(discover(BERT))).isEqualTo("OFFER 10.0.0.101");
        assertThat(Scene.text(first)).isEqualTo("...");

        slow.complete(true);
        scene.run();
        assertThat(Scene.text(first)).isEqualTo("OFFER 10.0.0.102");
        assertThat(copy).isCompletedWithValue(first.join());
    }

    @Test
    void aProbeThatFailsHindersNobody() {
        Scene scene = scene(new Setting());
        scene.probe = (address, request) -> {
            throw new IllegalStateException("no socket");
        };
        assertThat(scene.hears(discover(ANNA))).isEqualTo("OFFER 10.0.0.100");
        scene.probe = (address, request) -> CompletableFuture.failedStage(new IllegalStateException("no socket"));
        assertThat(scene.hears(discover(BERT))).isEqualTo("OFFER 10.0.0.101");
    }

    @Test
    void aStoreThatCannotRecordItOffersNothing() {
        Scene scene = scene(new Setting());
        inUse.add("10.0.0.100");
        scene.store.failing(true);

        assertThat(scene.hears(discover(ANNA))).isEqualTo("SILENCE STORE_UNAVAILABLE");

        scene.store.failing(false);
        assertThat(scene.hears(discover(ANNA))).isEqualTo("OFFER 10.0.0.101");
    }

    @Test
    void withoutTheSwitchNobodyIsAsked() {
        Scene scene = new Scene(new Setting());
        scene.probe = (address, request) -> CompletableFuture.completedStage(true);

        assertThat(scene.hears(discover(CARL))).isEqualTo("OFFER 10.0.0.100");
    }
}
