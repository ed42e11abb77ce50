package org.jbootd.domain.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.net.HardwareAddress;
import org.junit.jupiter.api.Test;

class UuidListTest {

    private static final HardwareAddress MAC = HardwareAddress.parse("AA-BB-CC-00-00-01");
    private static final String AS_PRINTED = "12345678-abcd-ef00-1111-abcdefabcdef";
    private static final String AS_SENT = "78563412-cdab-00ef-1111-abcdefabcdef";

    @Test
    void aMachineIsFoundInEitherByteOrder() {
        UuidList list = list(UuidList.Entry.parse(AS_PRINTED, true));

        assertThat(verdict(list, AS_PRINTED)).isEqualTo(Verdict.GRANTED);
        assertThat(verdict(list, AS_SENT)).isEqualTo(Verdict.GRANTED);
    }

    @Test
    void whatIsWrittenOutrightBeatsTheOtherOrderOfAnEntry() {
        UuidList list = list(UuidList.Entry.parse(AS_PRINTED, true), UuidList.Entry.parse(AS_SENT, false));

        assertThat(verdict(list, AS_PRINTED)).isEqualTo(Verdict.GRANTED);
        assertThat(verdict(list, AS_SENT)).isInstanceOf(Verdict.Denied.class);
    }

    @Test
    void aMachineWithoutUuidOrNotInTheListIsNotListed() {
        UuidList list = list(UuidList.Entry.parse(AS_PRINTED, true));

        assertThat(verdict(list, "12345678-abcd-ef00-1111-abcdefabcdee")).isInstanceOf(Verdict.Unlisted.class);
        assertThat(list.decide(MacListTest.from(MAC)).toCompletableFuture().join())
                .isInstanceOf(Verdict.Unlisted.class);
    }

    @Test
    void aMaskSaysWhichBitsCountInEitherByteOrder() {
        UuidList list = list(UuidList.Entry.parse(
                "12345678-0000-0000-0000-0000000000ff/ffffffff-0000-0000-0000-0000000000ff", true));

        assertThat(verdict(list, "12345678-9999-9999-9999-9999999999ff")).isEqualTo(Verdict.GRANTED);
        assertThat(verdict(list, "78563412-9999-9999-9999-9999999999ff")).isEqualTo(Verdict.GRANTED);
        assertThat(verdict(list, "12345678-9999-9999-9999-9999999999fe")).isInstanceOf(Verdict.Unlisted.class);
    }

    @Test
    void anExactEntryBeatsAMaskAndTheFirstMaskBeatsTheNext() {
        UuidList list = list(
                UuidList.Entry.parse(AS_PRINTED + " / ffffffff-0000-0000-0000-000000000000", false),
                UuidList.Entry.parse(AS_PRINTED + " / ffff0000-0000-0000-0000-000000000000", true),
                UuidList.Entry.parse(AS_PRINTED, true));

        assertThat(verdict(list, AS_PRINTED)).isEqualTo(Verdict.GRANTED);
        assertThat(verdict(list, "12345678-0000-0000-0000-000000000000")).isInstanceOf(Verdict.Denied.class);
        assertThat(verdict(list, "12340000-0000-0000-0000-000000000000")).isEqualTo(Verdict.GRANTED);
    }

    @Test
    void whoIsDeniedIsToldByWhichEntry() {
        String mask = "ffffffff-0000-0000-0000-000000000000";

        assertThat(verdict(list(UuidList.Entry.parse(AS_PRINTED, false)), AS_PRINTED))
                .isEqualTo(new Verdict.Denied("denied by [uuid] " + AS_PRINTED));
        assertThat(verdict(list(UuidList.Entry.parse(AS_PRINTED + " / " + mask, false)), AS_PRINTED))
                .isEqualTo(new Verdict.Denied("denied by [uuid] " + AS_PRINTED + "/" + mask));
    }

    @Test
    void whatIsNoUuidIsRefusedByName() {
        assertThatThrownBy(() -> UuidList.Entry.parse("1-2-3-4-5", true)).hasMessageContaining("'1-2-3-4-5'");
    }

    private static UuidList list(UuidList.Entry... entries) {
        return new UuidList(List.of(entries));
    }

    private static Verdict verdict(UuidList list, String uuid) {
        return list.decide(
                        MacListTest.from(new ClientIdentity(MAC, Optional.empty(), Optional.of(UUID.fromString(uuid)))))
                .toCompletableFuture()
                .join();
    }
}
