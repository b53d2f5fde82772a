using System.Text.Json;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;

namespace ClockifyFunctions.Tests.Sending;

public class Utf8TextTests
{
    [Theory]
    [InlineData("abc", 3, "abc", false)]
    [InlineData("abcd", 3, "abc", true)]
    [InlineData("äöü", 3, "äöü", false)]
    [InlineData("äöüß", 3, "äöü", true)]
    [InlineData("ab😀", 3, "ab", true)]
    [InlineData("a\u20ac\u20ac\u20ac", 3, "a\u20ac\u20ac", true)]
    public void ATruncatedTextEndsWithACompleteCharacter(string text, int most, string left, bool isCut)
    {
        Assert.Equal(left, ((Utf8Text)text).Cut(most, out var wasCut).ToString());
        Assert.Equal(isCut, wasCut);
    }

    [Fact]
    public void BytesThatAreNotTextAreReplaced()
    {
        Assert.Equal("a\ufffdb", Utf8Text.Of([(byte)'a', 0xff, (byte)'b']).ToString());
        Assert.Equal("ä", Utf8Text.Of("ä"u8).ToString());
    }

    [Fact]
    public void TheTextIsWrittenAsAJsonStringAndReadUnchanged()
    {
        var part = new ResponseEvent.RequestPart("POST", "https://api.clockify.me", "{\"a\":\"ä\\n\"}");
        var json = JsonSerializer.Serialize(part, ResponsesJson.Web.RequestPart);
        Assert.Contains("\"body\":\"{\\\"a\\\":\\\"ä\\\\n\\\"}\"", json);
        Assert.Equal(part, JsonSerializer.Deserialize(json, ResponsesJson.Web.RequestPart));
    }
}
