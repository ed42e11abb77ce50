package org.jbootd.domain.transfer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Answers the options of a read request by RFC 2347, 2348, 2349 and 7440: those known and within their range are
 * acknowledged, in the order asked, each once, under the name as the client wrote it; all others are passed over in
 * silence, which is the RFC's way to refuse them. Without state; threads may share it.
 *
 * @param largestBlock upper bound of a negotiated block size, in octets, 8 to 65464
 * @param largestWindow upper bound of a negotiated window size, in blocks, 1 to 65535
 * @param largestWindowOctets upper bound of window size times block size; a window of one block is always allowed
 * @param timeout wait before the first repetition when the client asks for none
 */
public record Negotiation(int largestBlock, int largestWindow, int largestWindowOctets, Duration timeout) {

    private static final int PLAIN_BLOCK = 512;
    private static final int SMALLEST_BLOCK = 8;
    private static final int LARGEST_BLOCK = 65464;

    public Negotiation {
        if (largestBlock < SMALLEST_BLOCK || largestBlock > LARGEST_BLOCK) {
            throw new IllegalArgumentException("a block has 8 to 65464 octets, not " + largestBlock);
        }
        if (largestWindow < 1 || largestWindow > 65535) {
            throw new IllegalArgumentException("a window has 1 to 65535 blocks, not " + largestWindow);
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a timeout is longer than " + timeout);
        }
    }

    /** @param size octets that will be sent, empty when that is not known beforehand: then {@code tsize} is omitted */
    public TransferTerms agree(List<TransferOption> asked, OptionalLong size) {
        Map<String, TransferOption> first = new LinkedHashMap<>();
        asked.forEach(option -> first.putIfAbsent(option.name().toLowerCase(Locale.ROOT), option));

        OptionalInt block = number(first.get("blksize"), SMALLEST_BLOCK, LARGEST_BLOCK, largestBlock);
        int fitting = Math.max(1, largestWindowOctets / block.orElse(PLAIN_BLOCK));
        OptionalInt window = number(first.get("windowsize"), 1, 65535, Math.min(largestWindow, fitting));
        OptionalInt seconds = number(first.get("timeout"), 1, 255, 255);

        List<TransferOption> acknowledged = new ArrayList<>();
        first.forEach((name, option) -> answer(name, option, block, window, seconds, size)
                .ifPresent(value -> acknowledged.add(new TransferOption(option.name(), Long.toString(value)))));
        return new TransferTerms(
                block.orElse(PLAIN_BLOCK),
                window.orElse(1),
                seconds.isPresent() ? Duration.ofSeconds(seconds.getAsInt()) : timeout,
                seconds.isPresent(),
                acknowledged);
    }

    private static OptionalLong answer(
            String name,
            TransferOption option,
            OptionalInt block,
            OptionalInt window,
            OptionalInt seconds,
            OptionalLong size) {
        return switch (name) {
            case "blksize" -> widen(block);
            case "windowsize" -> widen(window);
            case "timeout" -> widen(seconds);
            // The value in a read request is 0 by RFC 2349 §3, and no reason to be strict.
            case "tsize" -> isNumber(option.value()) ? size : OptionalLong.empty();
            default -> OptionalLong.empty();
        };
    }

    private static OptionalLong widen(OptionalInt value) {
        return value.isPresent() ? OptionalLong.of(value.getAsInt()) : OptionalLong.empty();
    }

    /** The value asked for, lowered to {@code bound}; empty when there is none or it is out of the RFC's range. */
    private static OptionalInt number(TransferOption option, int low, int high, int bound) {
        if (option == null || !isNumber(option.value())) {
            return OptionalInt.empty();
        }
        long value = Long.parseLong(option.value());
        return value < low || value > high ? OptionalInt.empty() : OptionalInt.of((int) Math.min(value, bound));
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
