using System.Text;
using ClockifyFunctions.Api;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Tests.Api;

public sealed class RecordsEncodingTests
{
    private const string Text = "Name;Ort\nMüller;Köln – 5 €\n";

    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("windows-1252", false)]
    public void TheEncodingIsDetectedFromTheBytes(string name, bool hasMark)
    {
        var encoding = Find(name);
        var (text, problems, note) = Read([.. hasMark ? encoding.GetPreamble() : [], .. encoding.GetBytes(Text)], "text/csv");
        Assert.Empty(problems);
        Assert.Equal(Text, text);
        Assert.Equal(name == "windows-1252", note is not null);
    }

    [Theory]
    [InlineData("windows-1250", "Łódź, Władysław")]
    [InlineData("iso-8859-15", "5 €")]
    [InlineData("\"utf-16\"", "Köln")]
    [InlineData("ibm850", "Köln")]
    public void TheCharsetOfTheContentTypeNamesTheEncoding(string charset, string written)
    {
        var (text, problems, note) = Read(Find(charset.Trim('"')).GetBytes(written), $"text/csv; charset={charset}");
        Assert.Empty(problems);
        Assert.Equal((written, null), (text, note));
    }

    [Theory]
    [InlineData("Crème brûlée, façade, œuvre, l’été, 20 °C, 5 m², §3, «oui»", true)]
    [InlineData("¿Mañana? ¡Olé! 1ª, 2º, 10 µm", true)]
    [InlineData("Größe, süß, Straße, Ärger, „so“ – 50 €", true)]
    [InlineData("Smörgåsbord, Ærø, þýðing", true)]
    [InlineData("plain", true)]
    public void WesternLanguagesReadWellAsWindows1252(string written, bool expected)
    {
        Assert.Equal(expected, WesternText.IsPlausible(written));
        Assert.Equal(written, Find("windows-1252").GetString(Find("windows-1252").GetBytes(written)));
    }

    [Theory]
    [InlineData("windows-1250", "Władysław")]
    [InlineData("windows-1251", "Привет")]
    [InlineData("windows-1253", "Ελλάδα")]
    [InlineData("shift_jis", "東京タワー")]
    [InlineData("ibm850", "Büro")]
    public void OtherEncodingsAreRefusedWithTheRemedy(string name, string written)
    {
        var (text, problems, _) = Read(Find(name).GetBytes(written), "text/csv");
        Assert.Equal("", text);
        var problem = Assert.Single(problems);
        Assert.Contains("save the file as UTF-8", problem.Message, StringComparison.Ordinal);
        Assert.Contains("charset=", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json", "contains bytes that are not UTF-8; send UTF-8.")]
    [InlineData("text/csv; charset=utf-8", "contains bytes that are not UTF-8 (the first at byte 1)")]
    [InlineData("text/csv; charset=klingon", "has the charset 'klingon', which is unknown")]
    [InlineData("text/csv; charset=utf-7", "has the charset 'utf-7', which is unknown")]
    public void BytesThatCannotBeReadAreAProblem(string contentType, string message) =>
        Assert.StartsWith(message, Assert.Single(Read([0xE4, 0x62], contentType).Problems).Message, StringComparison.Ordinal);

    [Fact]
    public void AnOddNumberOfBytesIsNotUtf16() => Assert.Contains("not UTF-16", Assert.Single(Read([0xFF, 0xFE, 0x61, 0x00, 0x62], "text/csv").Problems).Message, StringComparison.Ordinal);

    private static Encoding Find(string name) => CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);

    private static (string Text, ProblemList Problems, string? Note) Read(byte[] bytes, string contentType)
    {
        var problems = new ProblemList();
        var text = RecordsEncoding.ToUtf8(bytes, RecordsText.FormatOf(contentType)!.Value, contentType, problems, out var note);
        return (Encoding.UTF8.GetString(text.Span), problems, note);
    }
}
