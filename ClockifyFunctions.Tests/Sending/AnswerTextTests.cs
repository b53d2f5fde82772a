using ClockifyFunctions.Sending;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Sending;

public class AnswerTextTests
{
    [Theory]
    [InlineData(400, """{"message":"Can\u0027t create \u00e4 entry","code":501}""", "Clockify answered 400 (code 501): Can't create ä entry")]
    [InlineData(502, "<html>Bad gateway</html>", "Clockify answered 502: <html>Bad gateway</html>")]
    [InlineData(429, "", "Clockify answered 429 without a message.")]
    public void AResponseIsShownWithCharactersInsteadOfEscapes(int status, string body, string text) => Assert.Equal(text, AnswerText.Describe(Some.Answer(status, body)));

    [Fact]
    public void ACallWithoutAResponseHasAReason() => Assert.Equal("No usable answer: connection refused.", AnswerText.Describe(Some.Answer(0) with { Error = "connection refused" }));

    [Theory]
    [InlineData(401, 4003, "Clockify does not know this API key (status 401, code 4003)")]
    [InlineData(403, 501, "Clockify gives this key no access (status 403, code 501)")]
    [InlineData(401, null, "Clockify refuses every call with this key (status 401)")]
    public void ARefusedKeyIsDescribedInPlainLanguage(int status, int? code, string text) => Assert.Equal(text, AnswerText.DescribeRefusedKey(status, code));

    [Theory]
    [InlineData("short", 10, "short")]
    [InlineData("one two three", 9, "one two…")]
    [InlineData("one, two three", 6, "one…")]
    [InlineData("onewordthatislong", 8, "oneword…")]
    [InlineData("abcde\U0001F600fgh", 7, "abcde…")]
    public void ATextIsTruncatedBetweenWordsAndNeverInsideACharacter(string text, int most, string cut)
    {
        Assert.Equal(cut, AnswerText.Shorten(text, most));
        Assert.InRange(cut.Length, 1, most);
    }
}
