namespace ClockifyFunctions.Templates;

/// <summary>What a template is for; decides which macros may stand in it and how their values are written.</summary>
internal enum TemplateKind
{
    /// <summary>An absolute URL; macros from its path on.</summary>
    Url,

    /// <summary>A text that becomes a path segment or a part of one.</summary>
    Segment,

    /// <summary>The value of a query parameter.</summary>
    Query,

    /// <summary>The value of a request header.</summary>
    Header,

    JsonBody,
    XmlBody,
    FormBody,
}
