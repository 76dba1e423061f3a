declare module '*?glyph' {
  const inside: string
  export default inside
}
