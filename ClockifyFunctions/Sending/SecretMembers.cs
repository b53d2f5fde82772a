using System.Buffers;
using System.Text;
using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Sending;

/// <summary>
/// Replaces the values of secret members in an answer by <see cref="KeyRedaction.Mask"/>. The catalog names these members, and they are
/// replaced in the answer of every endpoint. The class scans the text instead of parsing JSON, because an answer can be truncated.
/// </summary>
internal static class SecretMembers
{
    private static readonly Lazy<byte[][]> Names = new(() => [.. EndpointCatalog.Secrets.Select(name => Encoding.UTF8.GetBytes($"\"{name}\""))]);

    public static ReadOnlySpan<byte> Hide(ReadOnlySpan<byte> answer)
    {
        foreach (var name in Names.Value)
            if (answer.IndexOf(name) >= 0) answer = Hide(answer, name);
        return answer;
    }

    private static ReadOnlySpan<byte> Hide(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> name)
    {
        var hidden = new ArrayBufferWriter<byte>(answer.Length);
        for (int at; (at = answer.IndexOf(name)) >= 0;)
        {
            var value = at + name.Length;
            while (value < answer.Length && answer[value] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)':') value++;
            hidden.Write(answer[..value]);
            answer = answer[value..];
            if (answer is not [(byte)'"', ..]) continue;
            hidden.Write("\"***\""u8);
            answer = answer[EndOfText(answer)..];
        }

        hidden.Write(answer);
        return hidden.WrittenSpan;
    }

    /// <summary>Returns the index after the closing quote, or the length if the quote is missing.</summary>
    private static int EndOfText(ReadOnlySpan<byte> quoted)
    {
        for (var at = 1; at < quoted.Length; at++)
        {
            if (quoted[at] == (byte)'\\') at++;
            else if (quoted[at] == (byte)'"') return at + 1;
        }

        return quoted.Length;
    }
}
