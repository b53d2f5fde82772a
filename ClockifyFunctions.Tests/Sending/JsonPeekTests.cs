using System.Text;
using ClockifyFunctions.Sending;

namespace ClockifyFunctions.Tests.Sending;

public class JsonPeekTests
{
    [Theory]
    [InlineData("""{"id":"a","name":"b"}""", "a")]
    [InlineData("""{"tags":[{"id":"inner"}],"id":"a"}""", "a")]
    [InlineData("""{"i\u0064":"\u00e4"}""", "ä")]
    [InlineData("""{"id":"a","cut""", "a")]
    [InlineData("""{"cut":[1,2""", null)]
    [InlineData("""{"id":7}""", null)]
    [InlineData("""{"id":"\ud800"}""", null)]
    [InlineData("""{"name":"b"}""", null)]
    [InlineData("""["id","a"]""", null)]
    [InlineData("<html>", null)]
    [InlineData("", null)]
    public void ATextMemberIsFound(string json, string? text) => Assert.Equal(text, JsonPeek.Text(Encoding.UTF8.GetBytes(json), "id"));

    [Theory]
    [InlineData("""{"message":"no","code":501}""", 501)]
    [InlineData("""{"code":"501"}""", null)]
    [InlineData("""{"code":1e99}""", null)]
    [InlineData("""{"code":""", null)]
    [InlineData("""{"\ud800":1,"code":501}""", null)]
    [InlineData("gone", null)]
    public void ANumberMemberIsFound(string json, int? number) => Assert.Equal(number, JsonPeek.Number(Encoding.UTF8.GetBytes(json), "code"));
}
