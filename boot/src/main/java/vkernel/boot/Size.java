package vkernel.boot;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An amount of memory as people write it: {@code 256M}, {@code 1G}, {@code 65536K}. */
record Size(long bytes) {
    static final class Converter implements ITypeConverter<Size> {
        @Override
        public Size convert(String text) {
            String number = text.replaceFirst("(?i)([kmg])i?b?$", "");
            long unit = number.length() == text.length()
                    ? 1
                    : switch (Character.toLowerCase(text.charAt(number.length()))) {
                        case 'k' -> 1L << 10;
                        case 'm' -> 1L << 20;
                        default -> 1L << 30;
                    };
            try {
                return new Size(Math.multiplyExact(Long.parseLong(number), unit));
            } catch (ArithmeticException | NumberFormatException e) {
                throw new TypeConversionException("'" + text + "' is not a size; write for instance 256M or 1G");
            }
        }
    }
}
