package vkernel.dev;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What drivers/console hands to its successor.
 *
 * @param lines host channels of the terminals, by the number of their /dev/ttyS node; empty for a free number
 * @param terminals those in use, by host channel
 * @param streams the channels in use that are no terminals, by name
 * @param ptys the pseudo-terminals, by number
 */
public record ConsoleState(
        List<String> lines,
        Map<String, Tty> terminals,
        Map<String, ByteStream> streams,
        SortedMap<Integer, Pty> ptys) {}
