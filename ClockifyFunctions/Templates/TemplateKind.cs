namespace ClockifyFunctions.Templates;

/// <summary>The use of a template. It determines the allowed macros and the encoding of their values.</summary>
internal enum TemplateKind
{
    /// <summary>An absolute URL. Macros are allowed after the origin.</summary>
    Url,

    /// <summary>A path segment or a part of one.</summary>
    Segment,

    /// <summary>The value of a query parameter.</summary>
    Query,

    /// <summary>The value of a request header.</summary>
    Header,

    JsonBody,
    XmlBody,
    FormBody,
}
